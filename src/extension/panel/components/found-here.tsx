import { visible } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** Findings that rest on an exchange, as a way to them. */
export function FoundHere({ entry }: { entry: number }) {
  const { index, selectOutcome, engine } = useStore();
  const found = index.value?.findings.get(entry) ?? [];
  if (found.length === 0) return null;
  return (
    <ul class="found-here">
      {found.map((at) => {
        const outcome = index.value?.outcomes[at];
        if (outcome === undefined) return null;
        const grade = outcome.kind === 'fail' ? outcome.level : 'informational';
        const word =
          outcome.kind === 'fail' ? strings.finding.levels[outcome.level] : strings.finding.kinds.informational;
        return (
          <li key={at}>
            <button type="button" class="link" title={visible(outcome.message)} onClick={() => selectOutcome(outcome)}>
              <span class={`badge ${grade}`}>{word}</span>
              {engine.rule(outcome.rule)?.title ?? outcome.rule}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
