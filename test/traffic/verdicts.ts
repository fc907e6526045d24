import { analyze } from '../../src/report/analyze.ts';
import type { Outcome } from '../../src/rules/outcome.ts';
import type { Traffic } from './traffic.ts';

/** All outcomes of a log. */
export function outcomes(log: Traffic): readonly Outcome[] {
  return analyze(log.har(), { name: 'traffic' }).result.outcomes;
}

/**
 * The verdicts of one rule, in order of the entries they rest on: `pass`, `error`, `warning`,
 * `note` (failures by level), `open`, `informational`, `notApplicable`.
 */
export function verdicts(log: Traffic, rule: string): readonly string[] {
  return outcomes(log)
    .filter((outcome) => outcome.rule === rule)
    .toSorted((one, other) => (one.evidence[0]?.entry ?? 0) - (other.evidence[0]?.entry ?? 0))
    .map(({ kind, level }) => (kind === 'fail' ? level : kind));
}

/** `rule level` of every failure. */
export function failures(log: Traffic): readonly string[] {
  return outcomes(log)
    .filter(({ kind }) => kind === 'fail')
    .map(({ rule, level }) => `${rule} ${level}`);
}
