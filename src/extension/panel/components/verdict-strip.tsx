import { visibleLine } from '../../../report/text.ts';
import type { Verdict } from '../../../report/verdicts.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';

/** The three headline questions and all checks, each answered in a phrase. */
export function VerdictStrip() {
  const { strip } = useStore();
  return (
    <section class="strip" aria-label={strings.strip.label}>
      {strip.value.map((verdict) => (
        <VerdictCell key={verdict.id} verdict={verdict} />
      ))}
    </section>
  );
}

function VerdictCell({ verdict }: { verdict: Verdict }) {
  const { index, selectOutcome, chosenOutcome, tab, search } = useStore();
  const tone = verdict.state === 'fail' ? verdict.level : verdict.state;
  const answer = strings.strip.answers[verdict.state];
  const show = (): void => {
    search.value = '';
    tab.value = 'finding';
    const at = verdict.outcomes[0];
    const outcome = at === undefined ? undefined : index.value?.outcomes[at];
    if (verdict.id === 'all-checks') chosenOutcome.value = '';
    else if (outcome !== undefined) selectOutcome(outcome);
  };
  return (
    <button
      type="button"
      class={`verdict ${tone}`}
      data-verdict={verdict.id}
      data-state={verdict.state}
      title={visibleLine(verdict.detail)}
      onClick={show}
    >
      <span class="question">{verdict.question}</span>
      <span class="phrase">
        <VerdictSign state={verdict.state} />
        {verdict.id !== 'all-checks' && answer !== '' && <b>{answer} </b>}
        {visibleLine(verdict.phrase)}
        {verdict.state === 'none' && <span class="advice">. {visibleLine(verdict.detail)}</span>}
      </span>
      {verdict.state !== 'none' && <span class="because">{visibleLine(verdict.detail)}</span>}
    </button>
  );
}

const signs: Readonly<Record<Verdict['state'], string>> = {
  pass: 'M2 6.5l3 3 5-6',
  fail: 'M3 3l6 6M9 3l-6 6',
  open: 'M4 4a2 2 0 1 1 2.6 1.9q-.6.3-.6 1.1M6 9.5v.1',
  none: 'M3 6h6',
};

/** Says the state by shape too, for those who cannot tell the colours apart. */
function VerdictSign({ state }: { state: Verdict['state'] }) {
  return (
    <svg class="sign" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={signs[state]} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
    </svg>
  );
}
