import { analyze } from '../../src/report/analyze.ts';
import type { Outcome } from '../../src/rules/outcome.ts';
import { findRule } from '../../src/rules/registry.ts';

/** A verdict of the suite on one check. */
export interface Check {
  readonly id: string;
  readonly status: string;
}

/**
 * What the engine says to the suite's verdict:
 * - `agreed`: both pass, or both find the fault
 * - `silent`: the suite passes it, and the engine says neither pass nor fail
 * - `contradicted`: the suite passes it, and the engine finds a fault
 * - `missed`: the suite finds a fault, and the engine does not
 * - `unknown`: the engine has no such rule
 */
export type Stand = 'agreed' | 'silent' | 'contradicted' | 'missed' | 'unknown';

export interface Comparison {
  /** The check; several checks that are one rule of the engine are compared as one, under the rule's id. */
  readonly check: string;
  /** The suite's gravest word on it in this run. */
  readonly status: Status;
  readonly stand: Stand;
  /** What the engine says: the messages of its faults, else its outcomes' kinds. */
  readonly engine: string;
}

const gravity = ['SUCCESS', 'WARNING', 'FAILURE'] as const;
export type Status = (typeof gravity)[number];
const isStatus = (status: string): status is Status => gravity.some((known) => known === status);

/** Checks on the form of JSON-RPC messages, and of the suite on itself: they are not about authorization. */
const beside = 'wire-schema-';

/** Checks that look at what the engine tells apart in several rules. */
const together: Readonly<Record<string, readonly string[]>> = {
  // Another resource in the authorization request, in the token request alone, or no URI at all.
  'resource-parameter-matches-prm': [
    'resource-parameter-canonical',
    'resource-parameter-consistency',
    'resource-parameter-valid-uri',
  ],
  // A challenge that names the metadata's URL makes another place the fault of the order.
  'prm-pathbased-requested': ['prm-pathbased-requested', 'prm-priority-order'],
  // The suite's scenario gives credentials for HTTP Basic; another method for them has a rule of its own.
  'pre-registration-auth': ['pre-registration-auth', 'token-endpoint-auth-method'],
};

/**
 * Compares a run verdict by verdict.
 *
 * @param har what the client sent and received
 */
export function compared(checks: readonly Check[], har: unknown): readonly Comparison[] {
  const { outcomes } = analyze(har, { name: 'client.har' }).result;
  const worst = new Map<string, Status>();
  for (const { id, status } of checks) {
    if (!isStatus(status) || id.startsWith(beside)) continue;
    const name = Object.hasOwn(together, id) ? id : (findRule(id)?.id ?? id);
    const before = worst.get(name) ?? 'SUCCESS';
    worst.set(name, gravity.indexOf(status) > gravity.indexOf(before) ? status : before);
  }
  return [...worst].map(([check, status]) => comparison(check, status, outcomes));
}

function comparison(check: string, status: Status, outcomes: readonly Outcome[]): Comparison {
  const rules = (together[check] ?? [check]).flatMap((id) => findRule(id)?.id ?? []);
  if (rules.length === 0) return { check, status, stand: 'unknown', engine: 'no such rule' };
  const own = outcomes.filter(({ rule }) => rules.includes(rule));
  const faults = own.filter(({ kind }) => kind === 'fail').map(({ message }) => message);
  const kinds = [...new Set(own.map(({ kind }) => kind))].sort();
  const engine = faults.length > 0 ? faults.join(' ') : kinds.join(', ') || 'nothing';
  return { check, status, stand: standOf(status, kinds), engine };
}

function standOf(status: Status, kinds: readonly string[]): Stand {
  const hasFault = kinds.includes('fail');
  if (status !== 'SUCCESS') return hasFault ? 'agreed' : 'missed';
  if (hasFault) return 'contradicted';
  return kinds.includes('pass') ? 'agreed' : 'silent';
}
