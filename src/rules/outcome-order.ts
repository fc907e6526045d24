import { append } from '../story/group.ts';
import type { Kind, Level, Outcome } from './outcome.ts';

/** A level's rank: the graver, the higher. */
export const levelRanks: Readonly<Record<Level, number>> = { error: 3, warning: 2, note: 1, none: 0 };
const kindRanks: Readonly<Record<Kind, number>> = { fail: 0, open: 1, informational: 2, pass: 3, notApplicable: 4 };
const kinds = Object.keys(kindRanks).length;
/** More than a log has entries. */
const mostEntries = 2 ** 32;

/**
 * Outcomes in the order of the contract: level, kind, first entry, rule, subject. Those of one place come from the
 * rules nearly in order, so that they are sorted place by place.
 */
export function inContractOrder(outcomes: readonly Outcome[]): Outcome[] {
  const places = new Map<number, Outcome[]>();
  for (const outcome of outcomes) append(places, placeOf(outcome), outcome);
  const sorted = [...places.keys()].sort((one, other) => one - other);
  return sorted.flatMap((place) => {
    const there = places.get(place) ?? [];
    return there.length > 1 ? there.sort(byRule) : there;
  });
}

function placeOf({ level, kind, evidence }: Outcome): number {
  const rank = (levelRanks.error - levelRanks[level]) * kinds + kindRanks[kind];
  return rank * mostEntries + (evidence[0]?.entry ?? mostEntries - 1);
}

function byRule(one: Outcome, other: Outcome): number {
  return compare(one.rule, other.rule) || compare(one.subject, other.subject);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
