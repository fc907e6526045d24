import { expect } from 'vitest';
import type { Outcome } from '../../../src/rules/outcome.ts';
import type { Traffic } from '../../traffic/traffic.ts';
import { outcomes } from '../../traffic/verdicts.ts';

/**
 * A verdict as a row of the catalogue states it: `pass`, `error`, `warning`, `note` (failures by level),
 * `open` (cannot tell), `informational`, `n/a` (notApplicable or no outcome), optionally ` at <step>`,
 * the step that the first evidence points at (`Traffic.as`). Several occasions: a list, in order of entries.
 */
export type Verdict = string | readonly string[];

/**
 * Rules that the traffic of many rows trips by right while the rows say nothing of them: judged where a row
 * names them, left out of its comparison elsewhere. These are the server's: challenges in short hand.
 */
const SERVER: ReadonlySet<string> = new Set([
  '403-despite-granted-scope',
  'challenge-no-error-without-token',
  'insufficient-scope-challenge-complete',
  'challenge-error-on-rejected-token',
]);
/** Rules on the sign-in itself: the rows write it in short hand, with scopes nobody named and answers without `iss`. */
const SIGN_IN: ReadonlySet<string> = new Set([
  'as-iss-included',
  'offline-access-forced-consent',
  'scope-from-www-authenticate',
  'scope-over-request',
]);
/** Rules on discovery, of which the rows show a part, and not always in order. */
const DISCOVERY: ReadonlySet<string> = new Set([
  'as-discovery-order',
  'authorization-server-metadata',
  'authorization-server-metadata-cimd',
]);
const FAILURE = new Set(['error', 'warning', 'note']);

/** Asserts the verdicts a row states, and that no rule fails beside those it names. */
export function expectRow(log: Traffic, expected: Readonly<Record<string, Verdict>>): void {
  const isLeftOut = (rule: string): boolean => SERVER.has(rule) || SIGN_IN.has(rule) || DISCOVERY.has(rule);
  const all = outcomes(log).filter(({ rule }) => rule in expected || !isLeftOut(rule));
  const stated = Object.entries(expected).map(
    ([rule, verdict]) => [rule, typeof verdict === 'string' ? [verdict] : verdict] as const,
  );
  const found = stated.map(([rule, verdicts]) => [
    rule,
    told(
      log,
      all.filter((outcome) => outcome.rule === rule),
      verdicts,
    ),
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(stated));
  const named = new Set(
    stated.flatMap(([rule, verdicts]) => (verdicts.some((verdict) => FAILURE.has(levelOf(verdict))) ? [rule] : [])),
  );
  const beside = all.filter(({ kind, rule }) => kind === 'fail' && !named.has(rule));
  expect(beside.map(({ rule, level, message }) => `${rule} ${level}: ${message}`)).toEqual([]);
}

/** What was found, in the words of what is expected. */
function told(log: Traffic, found: readonly Outcome[], expected: readonly string[]): readonly string[] {
  if (expected[0] === 'n/a' && found.every(({ kind }) => kind === 'notApplicable')) return ['n/a'];
  const inOrder = found.toSorted((one, other) => entryOf(one) - entryOf(other));
  return inOrder.map((outcome, index) => {
    const verdict = outcome.kind === 'fail' ? outcome.level : outcome.kind === 'notApplicable' ? 'n/a' : outcome.kind;
    const [, step] = (expected[index] ?? '').split(' at ');
    if (step === undefined) return verdict;
    return entryOf(outcome) === log.entry(step) ? `${verdict} at ${step}` : `${verdict} at entry ${entryOf(outcome)}`;
  });
}

function levelOf(verdict: string): string {
  return verdict.split(' at ')[0] ?? '';
}

function entryOf({ evidence }: Outcome): number {
  return evidence[0]?.entry ?? -1;
}
