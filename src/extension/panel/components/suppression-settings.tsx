import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** The rules that the user chose not to hear of, and the way back. */
export function SuppressionSettings() {
  const { suppressions, restoreRule, engine } = useStore();
  const say = strings.suppression;
  return (
    <section aria-labelledby="settings-suppressions">
      <h3 id="settings-suppressions">{say.title}</h3>
      <p class="hint">{suppressions.value.length === 0 ? say.none : say.about}</p>
      <ul class="suppressions">
        {suppressions.value.map((suppression) => {
          const { rule, origin } = suppression;
          const title = engine.rule(rule)?.title ?? rule;
          return (
            <li key={`${rule} ${origin ?? ''}`}>
              <span class="title">{visibleLine(title)}</span>
              <span class="where">{origin === null ? say.everywhere : visibleLine(origin)}</span>
              <button type="button" aria-label={say.restoreRule(title)} onClick={() => restoreRule(suppression)}>
                {say.restore}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
