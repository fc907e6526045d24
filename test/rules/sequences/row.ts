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
 * Rules that nearly every row trips by right while it says nothing of them, for it is written in short hand: judged where
 * a row names them, left out of its comparison elsewhere. All three are faults of servers, none of the client's; each is
 * held to its own tests. Every other rule must be silent, or be named by the row.
 */
const SHORT_HAND: Readonly<Record<string, string>> = {
  'as-iss-included': 'the rows write the authorization response as a code alone',
  'authorization-server-metadata-cimd': 'the rows write the metadata as its scopes alone',
  'insufficient-scope-challenge-complete': 'the rows write 403(is:w) for a challenge without resource_metadata',
};
const FAILURE = new Set(['error', 'warning', 'note']);

/** Asserts the verdicts a row states, and that no rule fails beside those it names. */
export function expectRow(log: Traffic, expected: Readonly<Record<string, Verdict>>): void {
  const all = outcomes(log).filter(({ rule }) => rule in expected || !(rule in SHORT_HAND));
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
