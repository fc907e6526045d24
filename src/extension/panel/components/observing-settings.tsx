import { useState } from 'preact/hooks';
import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** The sites that are looked at closely, those that could be, and the way to begin and to end it. */
export function ObservingSettings() {
  const { sites, observed, framed, observable, observe, observeFrames, stopObserving, host } = useStore();
  const [refused, setRefused] = useState(false);
  const say = strings.observing;
  const known = sites.value;
  const offered = observable.value.filter((origin) => !observed.value.includes(origin));
  return (
    <section aria-labelledby="settings-observing">
      <h3 id="settings-observing">{say.title}</h3>
      <p class="hint">{say.about}</p>
      {host.permissions === null && host.live !== null && <p class="hint">{say.inTab}</p>}
      {refused && <p role="alert">{say.refused}</p>}
      {observed.value.length + offered.length === 0 && <p class="hint">{say.none}</p>}
      <ul class="suppressions">
        {observed.value.map((origin) => (
          <li key={origin}>
            <span class="title">{visibleLine(origin)}</span>
            <span class="where">{known?.forbidden.has(origin) === true ? say.forbidden : say.on}</span>
            <label>
              <input
                type="checkbox"
                checked={framed.value.includes(origin)}
                onChange={({ currentTarget }) => observeFrames(origin, currentTarget.checked)}
              />{' '}
              {say.frames}
            </label>
            <button type="button" aria-label={say.stopAt(origin)} onClick={() => void stopObserving(origin)}>
              {say.stop}
            </button>
          </li>
        ))}
        {host.permissions !== null &&
          offered.map((origin) => (
            <li key={origin}>
              <span class="title">{visibleLine(origin)}</span>
              <button
                type="button"
                aria-label={say.startAt(origin)}
                onClick={() => void observe(origin).then((granted) => setRefused(!granted))}
              >
                {say.start}
              </button>
            </li>
          ))}
      </ul>
    </section>
  );
}
