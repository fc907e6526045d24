import type { Outcome } from '../../../rules/outcome.ts';

/** Names an outcome across analyses: indices move as traffic comes in. */
export function outcomeKey(outcome: Outcome): string {
  return `${outcome.rule} ${outcome.subject} ${outcome.kind} ${outcome.evidence[0]?.entry ?? ''}`;
}

/** The foldable section of the list in which an outcome stands; null for faults, which are always shown. */
export function sectionOf(outcome: Outcome): string | null {
  return outcome.kind === 'fail' ? null : outcome.kind;
}
