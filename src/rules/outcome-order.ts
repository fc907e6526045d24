import { append } from '../story/group.ts';
import type { Kind, Level, Outcome } from './outcome.ts';

/** A level's rank: the graver, the higher. */
export const levelRanks: Readonly<Record<Level, number>> = { error: 3, warning: 2, note: 1, none: 0 };
const kindRanks: Readonly<Record<Kind, number>> = { fail: 0, open: 1, informational: 2, pass: 3, notApplicable: 4 };
const kinds = Object.keys(kindRanks).length;
/** More than a log has entries, and quick to look up. */
const mostEntries = 2 ** 30;

/**
 * Outcomes in the order of the contract: level, kind, first entry, rule, subject. Those of one place come from the
 * rules nearly in order, so that they are sorted place by place.
 */
export function inContractOrder(outcomes: readonly Outcome[]): Outcome[] {
  const ranks: Map<number, Outcome[]>[] = Array.from({ length: (levelRanks.error + 1) * kinds }, () => new Map());
  for (const outcome of outcomes) {
    const places = ranks[rankOf(outcome)];
    if (places) append(places, outcome.evidence[0]?.entry ?? mostEntries, outcome);
  }
  const sorted: Outcome[] = [];
  for (const places of ranks) {
    if (places.size === 0) continue;
    for (const place of [...places.keys()].sort(ascending)) {
      const there = places.get(place) ?? [];
      if (there.length > 1) there.sort(byRule);
      for (const outcome of there) sorted.push(outcome);
    }
  }
  return sorted;
}

function rankOf({ level, kind }: Outcome): number {
  return (levelRanks.error - levelRanks[level]) * kinds + kindRanks[kind];
}

function ascending(one: number, other: number): number {
  return one - other;
}

function byRule(one: Outcome, other: Outcome): number {
  return compare(one.rule, other.rule) || compare(one.subject, other.subject);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
