import { bodyCaps } from '../../settings.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** How long a body may be before it is cut. */
export function KeepingSettings() {
  const { settings, change } = useStore();
  const say = strings.keeping;
  return (
    <section aria-labelledby="settings-keeping">
      <h3 id="settings-keeping">{say.title}</h3>
      <p class="hint">{say.about}</p>
      <p class="actions">
        <label>
          {say.label}{' '}
          <select
            value={settings.value.longestBody}
            onChange={({ currentTarget }) => change({ longestBody: Number(currentTarget.value) })}
          >
            {bodyCaps.map((cap) => (
              <option key={cap} value={cap}>
                {say.characters(cap)}
              </option>
            ))}
          </select>
        </label>
      </p>
    </section>
  );
}
