import { useState } from 'preact/hooks';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** Whether popups, workers and open streams are watched, and the clicks that begin and end it. */
export function WatchingSettings() {
  const { watched, sitesToWatch, refusedByPolicy, startWatching, stopWatching, host } = useStore();
  const [refused, setRefused] = useState(false);
  const say = strings.watching;
  if (host.permissions === null && host.askInTab === null) return null;
  const start = (where: 'all' | 'sites') => (): void =>
    void startWatching(where).then((granted) => setRefused(granted === false));
  if (host.permissions === null) {
    return (
      <section aria-labelledby="settings-watching">
        <h3 id="settings-watching">{say.title}</h3>
        <p class="hint">{say.about}</p>
        <p class="actions">
          <span>{say.now[watched.value ?? 'none']}</span>
          <button type="button" onClick={start('all')}>
            {say.inTab}
          </button>
        </p>
      </section>
    );
  }
  return (
    <section aria-labelledby="settings-watching">
      <h3 id="settings-watching">{say.title}</h3>
      <p class="hint">{say.about}</p>
      {refused && <p role="alert">{refusedByPolicy.value ? say.forbidden : say.refused}</p>}
      <p class="actions">
        <span>{say.now[watched.value ?? 'none']}</span>
        {watched.value !== 'all' && (
          <button type="button" onClick={start('all')}>
            {say.all}
          </button>
        )}
        {watched.value === null && sitesToWatch.value.length > 0 && (
          <button type="button" onClick={start('sites')}>
            {say.sites(sitesToWatch.value.length)}
          </button>
        )}
        {watched.value !== null && (
          <button type="button" onClick={() => void stopWatching()}>
            {say.stop}
          </button>
        )}
      </p>
    </section>
  );
}
