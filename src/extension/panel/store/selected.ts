import { signal } from '@preact/signals';
import type { Evidence } from '../../../rules/outcome.ts';

export type Selected = ReturnType<typeof createSelected>;

/** What is chosen in the session that is shown. */
export function createSelected() {
  /** Key of a line of the flow. */
  const selectedLine = signal<string | null>(null);
  const selectedEntry = signal<number | null>(null);
  /** Key of an outcome; '' for none on purpose. */
  const chosenOutcome = signal<string | null>(null);
  const chosenToken = signal<string | null>(null);
  /** Evidence whose characters are marked. */
  const mark = signal<Evidence | null>(null);

  function deselect(): void {
    selectedLine.value = null;
    selectedEntry.value = null;
    chosenOutcome.value = null;
    chosenToken.value = null;
    mark.value = null;
  }

  return { selectedLine, selectedEntry, chosenOutcome, chosenToken, mark, deselect };
}
