import type { Evidence, Outcome } from '../../../rules/outcome.ts';
import type { Choices } from './choices.ts';
import type { Derived } from './derived.ts';
import { outcomeKey, sectionOf } from './outcome-key.ts';
import type { Selected } from './selected.ts';

/** Choosing one thing brings what belongs to it into view. */
export function createSelecting({ index, flow, lines }: Derived, choices: Choices, selected: Selected) {
  const { tab, folded, listOpen, toggleFold } = choices;
  const { selectedLine, selectedEntry, chosenOutcome, mark } = selected;

  function reveal(entry: number): void {
    selectedEntry.value = entry;
    const line = lines.value.find((candidate) => candidate.kind === 'row' && candidate.row.exchange.entry === entry);
    selectedLine.value = line?.key ?? selectedLine.value;
  }

  /** Selects a row; the detail shows its finding if it has one and findings are shown, else the exchange. */
  function selectEntry(entry: number): void {
    reveal(entry);
    mark.value = null;
    const [finding] = index.value?.findings.get(entry) ?? [];
    const outcome = finding === undefined ? undefined : index.value?.outcomes[finding];
    if (outcome !== undefined && tab.value === 'finding') chosenOutcome.value = outcomeKey(outcome);
    else if (tab.value === 'finding') tab.value = 'exchange';
  }

  function selectOutcome(outcome: Outcome): void {
    chosenOutcome.value = outcomeKey(outcome);
    tab.value = 'finding';
    const section = sectionOf(outcome);
    if (section !== null) listOpen.value = new Set([...listOpen.value, section]);
    const [first] = outcome.evidence;
    if (first !== undefined) reveal(first.entry);
  }

  function selectEvidence(evidence: Evidence): void {
    unfold(evidence.entry);
    reveal(evidence.entry);
    mark.value = evidence;
    tab.value = 'exchange';
  }

  /** Opens the group in which an entry stands, so that its row can be shown. */
  function unfold(entry: number): void {
    for (const item of flow.value?.items ?? []) {
      if (item.kind !== 'group' || !item.rows.some((row) => row.exchange.entry === entry)) continue;
      if (folded.value.has(item.id)) toggleFold(item.id);
    }
    const pages = lines.value.find(
      (line) => line.kind === 'pages' && !line.open && line.rows.some((row) => row.exchange.entry === entry),
    );
    if (pages !== undefined) toggleFold(pages.key);
  }

  return { selectEntry, selectOutcome, selectEvidence };
}
