import type { Kind, Level, Outcome } from '../rules/outcome.ts';
import { levelRanks } from '../rules/outcome-order.ts';
import type { Result, ResultSource } from './result.ts';

/** The difference of two results: plain JSON, schema `mcp-auth-inspector/diff/1`. */
export interface Difference {
  readonly schema: 'mcp-auth-inspector/diff/1';
  readonly tool: Result['tool'];
  readonly before: ResultSource;
  readonly after: ResultSource;
  /** Faults of the first that the second does not have; `evidence` points into the first. */
  readonly fixed: readonly FixedFault[];
  /** Faults that only the second has. */
  readonly new: readonly Outcome[];
  /** Faults of both, as the second has them. */
  readonly unchanged: readonly UnchangedFault[];
}

/** What of a result is compared. */
export type Comparable = Pick<Result, 'tool' | 'source' | 'outcomes'>;

export interface FixedFault extends Outcome {
  /** What the second says of the same rule and subject; `absent`: nothing. Only `pass` proves the mending. */
  readonly now: Exclude<Kind, 'fail'> | 'absent';
}

export interface UnchangedFault extends Outcome {
  /** Its level in the first; only when it is another. */
  readonly levelBefore?: Level;
}

/**
 * Compares the faults of two results by structure: rule, party, subject and the part of the exchange
 * that proves it, each as often as it occurs. Entry numbers, aliases and wording do not matter.
 */
export function compare(before: Comparable, after: Comparable): Difference {
  const [old, now] = [faultsOf(before.outcomes), faultsOf(after.outcomes)];
  const matches = matchFaults(old, now);
  const matched = new Set(matches.values());
  return {
    schema: 'mcp-auth-inspector/diff/1',
    tool: after.tool,
    before: before.source,
    after: after.source,
    fixed: old.flatMap((fault, index) => (matched.has(index) ? [] : [{ ...fault, now: stateIn(after, fault) }])),
    new: now.filter((_, index) => !matches.has(index)),
    unchanged: now.flatMap((fault, index) => {
      const earlier = old[matches.get(index) ?? -1];
      if (earlier === undefined) return [];
      return [earlier.level === fault.level ? fault : { ...fault, levelBefore: earlier.level }];
    }),
  };
}

/** Whether an unchanged fault is graver than it was. */
export function isGraver(fault: UnchangedFault): boolean {
  return fault.levelBefore !== undefined && levelRanks[fault.level] > levelRanks[fault.levelBefore];
}

function faultsOf(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter(({ kind }) => kind === 'fail');
}

/** Pairs of equal faults: index in `after` to index in `before`. The closest likeness is paired first. */
export function matchFaults(before: readonly Outcome[], after: readonly Outcome[]): ReadonlyMap<number, number> {
  const matches = new Map<number, number>();
  const taken = new Set<number>();
  for (const keyOf of likenesses) {
    const waiting = new Map<string, number[]>();
    for (const [index, fault] of before.entries()) {
      if (taken.has(index)) continue;
      const key = keyOf(fault);
      const queue = waiting.get(key);
      if (queue === undefined) waiting.set(key, [index]);
      else queue.push(index);
    }
    // A queue is read from its end: the first fault of the one meets the first of the other.
    for (const queue of waiting.values()) queue.reverse();
    for (const [index, fault] of after.entries()) {
      if (matches.has(index)) continue;
      const found = waiting.get(keyOf(fault))?.pop();
      if (found === undefined) continue;
      matches.set(index, found);
      taken.add(found);
    }
  }
  return matches;
}

const likenesses: readonly ((fault: Outcome) => string)[] = [
  (fault) => JSON.stringify([fault.level, identityOf(fault)]),
  identityOf,
  ({ rule, party, subject }) => JSON.stringify([rule, party, looseSubject(subject)]),
  ({ rule, party, subject }) => JSON.stringify([rule, party, hostOf(subject)]),
];

/** What makes a fault the same one in another recording: rule, party, subject, and the part that proves it. */
export function identityOf({ rule, party, subject, evidence }: Outcome): string {
  return JSON.stringify([rule, party, looseSubject(subject), evidence[0]?.part ?? '']);
}

/** A subject without a loopback port: test servers get another one at every run. */
function looseSubject(subject: string): string {
  const url = URL.canParse(subject) ? new URL(subject) : null;
  return url !== null && isLoopback(url.hostname) ? `${url.protocol}//loopback${url.pathname}` : subject;
}

/** Only the host: a path may hold an alias that is another in another file. */
function hostOf(subject: string): string {
  const url = URL.canParse(subject) ? new URL(subject) : null;
  if (url === null) return subject;
  return isLoopback(url.hostname) ? 'loopback' : url.host;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** The least certain that a result says of a fault's rule and subject: a pass counts only where nothing is open. */
function stateIn(result: Comparable, fault: Outcome): FixedFault['now'] {
  const host = hostOf(fault.subject);
  const kinds = new Set(
    result.outcomes.flatMap(({ rule, subject, kind }) =>
      rule === fault.rule && hostOf(subject) === host ? [kind] : [],
    ),
  );
  for (const kind of ['open', 'pass', 'informational', 'notApplicable'] as const) if (kinds.has(kind)) return kind;
  return 'absent';
}
