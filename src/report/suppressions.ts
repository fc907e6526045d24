import { readPlace } from '../protocol/url.ts';
import type { Outcome } from '../rules/outcome.ts';
import type { Analysis } from './analysis.ts';
import type { ResultOutcome } from './result.ts';
import { summarise } from './summary.ts';

/** A rule that a person chose not to hear of: everywhere, or at one origin. */
export interface Suppression {
  readonly rule: string;
  /** Origin of the subject (`https://host:port`); null: everywhere. */
  readonly origin: string | null;
}

/** What was left out of an analysis, and by which suppressions. */
export interface Suppressed {
  readonly by: readonly Suppression[];
  readonly outcomes: readonly ResultOutcome[];
}

/**
 * The analysis without the outcomes of suppressed rules, as if these rules were `off` there. Every report is a
 * projection of an analysis, so they leave every export; what was left out stays beside the result.
 */
export function suppress(analysis: Analysis, suppressions: readonly Suppression[]): Analysis {
  if (suppressions.length === 0) return analysis;
  const origins = new Map<string, Set<string | null>>();
  for (const { rule, origin } of suppressions) {
    const known = origins.get(rule);
    if (known === undefined) origins.set(rule, new Set([origin]));
    else known.add(origin);
  }
  const kept: ResultOutcome[] = [];
  const left: ResultOutcome[] = [];
  for (const outcome of analysis.result.outcomes) {
    const at = origins.get(outcome.rule);
    const out = at !== undefined && (at.has(null) || at.has(originOf(outcome)));
    (out ? left : kept).push(outcome);
  }
  const result = { ...analysis.result, outcomes: kept, summary: summarise(kept) };
  return { ...analysis, result, suppressed: { by: suppressions, outcomes: left } };
}

/** Origin of what an outcome is about; the subject itself where it has none. */
export function originOf({ subject }: Pick<Outcome, 'subject'>): string {
  return readPlace(subject)?.origin ?? subject;
}

/** Whether an outcome is news: a pass and a rule that does not apply are none. */
export function isFinding({ kind }: Outcome): boolean {
  return kind === 'fail' || kind === 'open' || kind === 'informational';
}
