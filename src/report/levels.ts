import type { LevelOverride } from '../rules/evaluate.ts';
import type { Outcome } from '../rules/outcome.ts';
import { inContractOrder } from '../rules/outcome-order.ts';

/** Levels by subject (an MCP server's URL or an issuer), then by rule id. */
export type ServerLevels = ReadonlyMap<string, ReadonlyMap<string, LevelOverride>>;

/** Gives the faults of a subject their own levels, or leaves a rule out there; order is by level, then first entry. */
export function withServerLevels(outcomes: readonly Outcome[], levels: ServerLevels | undefined): readonly Outcome[] {
  if (levels === undefined || levels.size === 0) return outcomes;
  const levelled = outcomes.flatMap((outcome) => {
    const level = levels.get(outcome.subject)?.get(outcome.rule);
    if (level === 'off') return [];
    return level === undefined || outcome.kind !== 'fail' ? [outcome] : [{ ...outcome, level }];
  });
  return inContractOrder(levelled);
}
