import { useEffect, useRef } from 'preact/hooks';
import { isFinding, originOf, type Suppression } from '../../../report/suppressions.ts';
import { visible, visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** What was just suppressed, and the way back; it has the focus, for the finding it came from is gone. */
export function JustSuppressed() {
  const { justSuppressed, restoreRule, engine } = useStore();
  const undo = useRef<HTMLButtonElement>(null);
  const made = justSuppressed.value;
  useEffect(() => {
    if (made !== null) undo.current?.focus();
  }, [made]);
  if (made === null) return null;
  const say = strings.suppression;
  return (
    <div class="just-suppressed" role="status">
      <span>{say.made(visibleLine(titleOf(made, engine)), whereOf(made))}</span>
      <button ref={undo} type="button" onClick={() => restoreRule(made)}>
        {say.undo}
      </button>
      <button
        type="button"
        class="icon"
        aria-label={strings.failed.close}
        onClick={() => {
          justSuppressed.value = null;
        }}
      >
        ×
      </button>
    </div>
  );
}

/** How many findings are left out here; never silent, never in the way. */
export function SuppressedSection() {
  const { analysis, listOpen, toggleSection, suppressions, restoreRule, engine } = useStore();
  const left = (analysis.value?.suppressed?.outcomes ?? []).filter(isFinding);
  if (left.length === 0) return null;
  const say = strings.suppression;
  const open = listOpen.value.has('suppressed');
  const by = suppressions.value.flatMap((suppression) => {
    const outcomes = left.filter(
      (outcome) =>
        outcome.rule === suppression.rule && (suppression.origin === null || suppression.origin === originOf(outcome)),
    );
    const [first] = outcomes;
    return first === undefined ? [] : [{ suppression, first, times: outcomes.length }];
  });
  return (
    <section class="outcomes">
      <h2>
        <button type="button" class="section" aria-expanded={open} onClick={() => toggleSection('suppressed')}>
          <span class={open ? 'fold open' : 'fold'} aria-hidden="true" />
          {say.section} <span class="count">{left.length}</span>
          <span class="hint">{say.sectionHint}</span>
        </button>
      </h2>
      <ul class="suppressed-list" hidden={!open} aria-label={say.section}>
        {by.map(({ suppression, first, times }) => (
          <li key={`${suppression.rule} ${suppression.origin ?? ''}`}>
            <span class="title">{visibleLine(titleOf(suppression, engine))}</span>
            {times > 1 && <span class="count">{strings.finding.occasions(times)}</span>}
            <span class="message">{visible(first.message)}</span>
            <span class="where">{whereOf(suppression)}</span>
            <button
              type="button"
              class="link"
              aria-label={say.restoreRule(titleOf(suppression, engine))}
              onClick={() => restoreRule(suppression)}
            >
              {say.restore}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function titleOf({ rule }: Suppression, engine: { rule(id: string): { readonly title: string } | null }): string {
  return engine.rule(rule)?.title ?? rule;
}

function whereOf({ origin }: Suppression): string {
  return origin === null ? strings.suppression.everywhere : visibleLine(origin);
}
