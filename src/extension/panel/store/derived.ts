import { computed } from '@preact/signals';
import { verdicts } from '../../../report/verdicts.ts';
import type { Outcome } from '../../../rules/outcome.ts';
import { listFindings } from '../view/findings.ts';
import { layOutFlow } from '../view/flow.ts';
import { flowLines, type Lines } from '../view/lines.ts';
import { matches } from '../view/search/match.ts';
import { Subjects } from '../view/search/subjects.ts';
import { gatherSecrets, HeaderSecrets } from '../view/secrets.ts';
import { indexStory } from '../view/story-index.ts';
import { TimeOrder } from '../view/time-order.ts';
import type { Choices } from './choices.ts';
import type { Notebook } from './notebook.ts';
import { outcomeKey } from './outcome-key.ts';
import type { Selected } from './selected.ts';
import type { Sessions } from './sessions.ts';

export type Derived = ReturnType<typeof derive>;

/** What follows from the analysis shown and from what the user chose. */
export function derive({ analysis }: Sessions, choices: Choices, selected: Selected, { notebook }: Notebook) {
  const { terms, all, folded } = choices;
  const index = computed(() => (analysis.value === null ? null : indexStory(analysis.value)));
  const headers = new HeaderSecrets();
  const secrets = computed(() =>
    index.value === null ? { values: new Set<string>() } : gatherSecrets(index.value, headers),
  );
  const strip = computed(() =>
    analysis.value === null ? [] : verdicts(analysis.value.result, analysis.value.suppressed?.outcomes),
  );
  const order = new TimeOrder();
  const flow = computed(() => (index.value === null ? null : layOutFlow(index.value, all.value, order)));
  const subjects = computed(() => (index.value === null ? null : new Subjects(index.value, notebook.value.notes)));
  const lines = computed<Lines | null>(() => {
    if (flow.value === null || index.value === null) return null;
    return flowLines(
      flow.value,
      index.value,
      subjects.value?.rows(terms.value, flow.value.start) ?? null,
      folded.value,
    );
  });
  const outcomeFilter = (): ((outcome: Outcome) => boolean) => {
    const found = subjects.value;
    if (found === null || terms.value.length === 0) return () => true;
    const clock = found.clock(flow.value?.start ?? 0);
    return (outcome) => matches(found.outcome(outcome), terms.value, clock);
  };
  const findings = computed(() =>
    analysis.value === null ? null : listFindings(analysis.value.result, outcomeFilter()),
  );
  /** Key of the finding that is unfolded: the chosen one, else the gravest. */
  const openOutcome = computed(() => {
    if (selected.chosenOutcome.value !== null) return selected.chosenOutcome.value;
    const first = findings.value?.faults[0];
    return first === undefined ? null : outcomeKey(first.outcome);
  });
  const exchange = computed(() => {
    const entry = selected.selectedEntry.value;
    return entry === null ? null : (analysis.value?.exchanges[entry] ?? null);
  });
  return { index, secrets, strip, flow, subjects, lines, findings, openOutcome, exchange };
}
