import { missingSignal } from '../rules/missing.ts';
import type { Outcome } from '../rules/outcome.ts';

/** What open outcomes miss, in words, each once; an id of another version as it is written. */
export function missingInWords(outcomes: readonly Pick<Outcome, 'missing'>[]): readonly string[] {
  return idsOf(outcomes).map((id) => missingSignal(id)?.words ?? id.replaceAll('-', ' '));
}

/** What would bring into view what open outcomes miss, each once. */
export function liftingInWords(outcomes: readonly Pick<Outcome, 'missing'>[]): readonly string[] {
  return [...new Set(idsOf(outcomes).flatMap((id) => missingSignal(id)?.lifts ?? []))];
}

/** The open outcomes of one rule. */
export interface Undecided {
  readonly rule: string;
  readonly outcomes: readonly Outcome[];
  readonly missing: readonly string[];
}

/** Open outcomes, rule by rule, under what would decide them; rules of which nobody knows what would come last, under ''. */
export function undecidedByLift(outcomes: readonly Outcome[]): ReadonlyMap<string, readonly Undecided[]> {
  const byRule = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    if (outcome.kind !== 'open') continue;
    const same = byRule.get(outcome.rule);
    if (same) same.push(outcome);
    else byRule.set(outcome.rule, [outcome]);
  }
  const byLift = new Map<string, Undecided[]>();
  for (const [rule, same] of byRule) {
    const lift = liftingInWords(same).join('; ');
    byLift.set(lift, [...(byLift.get(lift) ?? []), { rule, outcomes: same, missing: missingInWords(same) }]);
  }
  const unknown = byLift.get('');
  byLift.delete('');
  if (unknown) byLift.set('', unknown);
  return byLift;
}

function idsOf(outcomes: readonly Pick<Outcome, 'missing'>[]): readonly string[] {
  return [...new Set(outcomes.flatMap(({ missing = [] }) => missing))];
}
