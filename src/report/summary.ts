import type { Outcome } from '../rules/outcome.ts';
import type { Summary } from './result.ts';

/** Counts outcomes by kind, failures by level. */
export function summarise(outcomes: readonly Outcome[]): Summary {
  const summary = { fail: { error: 0, warning: 0, note: 0 }, pass: 0, open: 0, informational: 0, notApplicable: 0 };
  for (const { kind, level } of outcomes) {
    if (kind !== 'fail') summary[kind] += 1;
    else if (level !== 'none') summary.fail[level] += 1;
  }
  return summary;
}
