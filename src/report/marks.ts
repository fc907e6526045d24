import type { Level, Outcome, Party } from '../rules/outcome.ts';
import { levelRanks } from '../rules/outcome-order.ts';
import { matchFaults } from './compare.ts';
import type { ResultExpectation, ResultOutcome } from './result.ts';

/** A fault that is known and accepted. */
export interface Expectation {
  /** A rule's id. */
  readonly rule: string;
  /** The MCP server or issuer it is limited to; null: every one. */
  readonly server: string | null;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`; null: without end. */
  readonly expires: string | null;
}

export interface Expectations {
  readonly list: readonly Expectation[];
  /** The day to judge expiry by, `YYYY-MM-DD`. */
  readonly today: string;
}

interface Marks {
  readonly baseline?: readonly Outcome[];
  readonly expectations?: Expectations;
}

/** Marks the faults that a baseline holds or that are expected, and says what became of each expectation. */
export function marked(
  outcomes: readonly Outcome[],
  { baseline, expectations }: Marks,
): { readonly outcomes: readonly ResultOutcome[]; readonly expectations: readonly ResultExpectation[] | null } {
  const compared = baseline === undefined ? outcomes : againstBaseline(outcomes, baseline);
  if (expectations === undefined || expectations.list.length === 0) return { outcomes: compared, expectations: null };
  const { list, today } = expectations;
  return {
    outcomes: compared.map((outcome) => {
      if (outcome.kind !== 'fail') return outcome;
      const found = list.find((one) => isAbout(one, outcome) && !hasExpired(one, today));
      return found === undefined ? outcome : { ...outcome, expected: { reason: found.reason, expires: found.expires } };
    }),
    expectations: list.map((one) => ({ ...one, state: stateOf(one, outcomes, today) })),
  };
}

/** A fault that has become graver than the baseline has it is new. */
function againstBaseline(outcomes: readonly Outcome[], baseline: readonly Outcome[]): readonly ResultOutcome[] {
  const earlier = baseline.filter(({ kind }) => kind === 'fail');
  const faults = outcomes.filter(({ kind }) => kind === 'fail');
  const matches = matchFaults(earlier, faults);
  let index = -1;
  return outcomes.map((outcome) => {
    if (outcome.kind !== 'fail') return outcome;
    index++;
    const before = earlier[matches.get(index) ?? -1];
    const isKnown = before !== undefined && levelRanks[outcome.level] <= levelRanks[before.level];
    return { ...outcome, baselineState: isKnown ? 'unchanged' : 'new' };
  });
}

function isAbout({ rule, server }: Expectation, outcome: Outcome): boolean {
  return rule === outcome.rule && (server === null || server === outcome.subject);
}

function hasExpired({ expires }: Expectation, today: string): boolean {
  return expires !== null && expires < today;
}

function stateOf(one: Expectation, outcomes: readonly Outcome[], today: string): ResultExpectation['state'] {
  const about = outcomes.filter((outcome) => isAbout(one, outcome));
  if (about.some(({ kind }) => kind === 'fail')) return hasExpired(one, today) ? 'expired' : 'happens';
  return about.some(({ kind }) => kind === 'open') ? 'undecided' : 'gone';
}

/** From which level on faults count, and whose. */
export interface Threshold {
  readonly failOn: Exclude<Level, 'none'> | 'never';
  readonly party: Party | 'all';
  /** Other thresholds for single subjects. */
  readonly servers?: ReadonlyMap<string, Exclude<Level, 'none'> | 'never'>;
}

/** Whether an outcome counts: a fault of the party, at or above the level, neither in the baseline nor expected. */
export function counts(outcome: ResultOutcome, { failOn, party, servers }: Threshold): boolean {
  const level = servers?.get(outcome.subject) ?? failOn;
  return (
    outcome.kind === 'fail' &&
    level !== 'never' &&
    levelRanks[outcome.level] >= levelRanks[level] &&
    (party === 'all' || outcome.party === party) &&
    outcome.baselineState !== 'unchanged' &&
    outcome.expected === undefined
  );
}
