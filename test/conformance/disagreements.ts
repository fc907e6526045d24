import type { Comparison } from './agreement.ts';
import type { Run } from './plan.ts';

/** Why the suite and the engine may say different things, and both be right. */
export type Reason =
  /** The suite knows what the wire does not show: what the client was told, that it has ended, what it left undone. */
  | 'not on the wire'
  /** The check is about the grant of an extension, which the engine recognises and does not judge. */
  | 'extension';

/** A disagreement that is known and explained. It must occur, or it is out of date. */
export interface Disagreement {
  readonly check: string;
  readonly scenario: string;
  /** null: a sound client. */
  readonly fault: string | null;
  readonly stand: 'missed' | 'unknown';
  readonly reason: Reason;
  readonly because: string;
}

const endedEarly = 'The client found no metadata and stopped: of what the check is about there is no request to judge.';

/** Checks of what comes after discovery, in runs that ended with it. */
const never = (scenario: string, fault: string): readonly Disagreement[] =>
  [
    'authorization-server-metadata',
    'client-registration',
    'authorization-request',
    'token-request',
    'resource-parameter-in-authorization',
    'resource-parameter-in-token',
  ].map((check) => ({ check, scenario, fault, stand: 'missed', reason: 'not on the wire', because: endedEarly }));

export const disagreements: readonly Disagreement[] = [
  ...never('metadata-default', 'root-metadata'),
  ...never('metadata-var2', 'misplaced-metadata'),
  {
    check: 'invalid-bearer-token',
    scenario: 'metadata-default',
    fault: 'foreign-token',
    stand: 'missed',
    reason: 'not on the wire',
    because:
      'A token whose issue is not in the log may have been issued before it; the engine says open and names the token response.',
  },
  {
    check: 'pre-registration-auth',
    scenario: 'pre-registration',
    fault: 'attempts-registration',
    stand: 'missed',
    reason: 'not on the wire',
    because:
      'That the client was given credentials is known to the suite alone; the client found no way to register and sent nothing.',
  },
  {
    check: 'client-credentials-grant-type',
    scenario: 'client-credentials-basic',
    fault: 'other-grant-type',
    stand: 'missed',
    reason: 'not on the wire',
    because:
      'That the client was to use its own credentials is known to the suite alone; the request names another grant.',
  },
  {
    check: 'scope-step-up-escalation',
    scenario: 'scope-step-up',
    fault: 'ignore-403',
    stand: 'missed',
    reason: 'not on the wire',
    because:
      'The recording ends with the refusal: the suite knows that the client has ended, a recording may only be too short.',
  },
  {
    check: 'sep-2350-scope-union-on-reauth',
    scenario: 'scope-step-up',
    fault: 'ignore-403',
    stand: 'missed',
    reason: 'not on the wire',
    because: 'There is no second authorization request whose scopes could be compared.',
  },
  {
    check: 'scope-step-up-escalation',
    scenario: 'scope-step-up',
    fault: 'no-scope',
    stand: 'missed',
    reason: 'not on the wire',
    because:
      'A request without scope leaves the scopes to the authorization server (RFC 6749 section 3.3), and its answer names none: the engine says open.',
  },
  {
    check: 'sep-2350-scope-union-on-reauth',
    scenario: 'scope-step-up',
    fault: 'no-scope',
    stand: 'missed',
    reason: 'not on the wire',
    because: 'As above: which scopes a request without scope asks for is not in the log.',
  },
  ...['complete-flow-token-exchange', 'complete-flow-jwt-bearer'].map(
    (check): Disagreement => ({
      check,
      scenario: 'enterprise-managed-authorization',
      fault: null,
      stand: 'unknown',
      reason: 'extension',
      because:
        'Enterprise-managed authorization exchanges an identity provider’s token; its requests are recognised as legal.',
    }),
  ),
  {
    check: 'wif-assertion-verified',
    scenario: 'wif-jwt-bearer',
    fault: null,
    stand: 'unknown',
    reason: 'extension',
    because: 'Workload identity federation presents a platform’s assertion; its requests are recognised as legal.',
  },
];

/** The entry of the list that explains a comparison; undefined when none does. */
export function explanationOf(run: Run, { check, stand }: Comparison): Disagreement | undefined {
  return disagreements.find(
    (known) =>
      known.check === check &&
      known.stand === stand &&
      known.scenario === run.scenario &&
      (known.fault ?? 'none') === run.fault,
  );
}
