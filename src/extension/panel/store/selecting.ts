import type { Evidence, Outcome } from '../../../rules/outcome.ts';
import { groupKey, rowKey } from '../view/lines.ts';
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
    if ((lines.value?.indexOfEntry(entry) ?? -1) >= 0) selectedLine.value = rowKey(entry);
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

  /** Opens the group, and in it the pages, among which an entry stands, so that its row can be shown. */
  function unfold(entry: number): void {
    const group = flow.value?.groups[flow.value.groupAt[entry] ?? -1];
    if (group === undefined) return;
    if (folded.value.has(group.id)) toggleFold(group.id);
    const shown = lines.value;
    if (shown === null || shown.indexOfEntry(entry) >= 0) return;
    for (let at = shown.indexOf(groupKey(group.id)) + 1; at < shown.length; at += 1) {
      const line = shown.at(at);
      if (line?.kind === 'group' || line?.kind === 'gap') return;
      if (line?.kind !== 'pages' || !line.rows.some((row) => row.exchange.entry === entry)) continue;
      if (!line.open) toggleFold(line.key);
      return;
    }
  }

  return { selectEntry, selectOutcome, selectEvidence };
}
