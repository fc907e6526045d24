import type { LevelOverride } from '../rules/evaluate.ts';
import type { Kind, Level, Outcome } from '../rules/outcome.ts';

/** Levels by subject (an MCP server's URL or an issuer), then by rule id. */
export type ServerLevels = ReadonlyMap<string, ReadonlyMap<string, LevelOverride>>;

/** Gives the faults of a subject their own levels, or leaves a rule out there; order is by level, then first entry. */
export function withServerLevels(outcomes: readonly Outcome[], levels: ServerLevels | undefined): readonly Outcome[] {
  if (levels === undefined || levels.size === 0) return outcomes;
  return outcomes
    .flatMap((outcome) => {
      const level = levels.get(outcome.subject)?.get(outcome.rule);
      if (level === 'off') return [];
      return level === undefined || outcome.kind !== 'fail' ? [outcome] : [{ ...outcome, level }];
    })
    .sort(inOrder);
}

/** A level's rank: the graver, the higher. */
export const levelRanks: Readonly<Record<Level, number>> = { error: 3, warning: 2, note: 1, none: 0 };

const kinds: readonly Kind[] = ['fail', 'open', 'informational', 'pass', 'notApplicable'];

function inOrder(one: Outcome, other: Outcome): number {
  return (
    levelRanks[other.level] - levelRanks[one.level] ||
    kinds.indexOf(one.kind) - kinds.indexOf(other.kind) ||
    firstEntry(one) - firstEntry(other) ||
    compare(one.rule, other.rule) ||
    compare(one.subject, other.subject)
  );
}

function firstEntry(outcome: Outcome): number {
  return outcome.evidence[0]?.entry ?? Number.MAX_SAFE_INTEGER;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
