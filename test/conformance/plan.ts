import type { FaultName } from './client/faults.ts';

/** One scenario played by one client. */
export interface Run {
  /** The suite's name without `auth/`. */
  readonly scenario: string;
  /** The MCP revision that the suite judges by. */
  readonly revision: string;
  readonly sdk: 'v1' | 'v2';
  readonly fault: FaultName;
}

/** The name of a run, as the list of disagreements and the table have it. */
export const nameOf = ({ scenario, revision, sdk, fault }: Run): string =>
  `${scenario} ${revision} ${sdk}${fault === 'none' ? '' : ` ${fault}`}`;

/** Faulty clients, each in the scenario that watches for the fault. */
const faulty: readonly (readonly [scenario: string, ...faults: FaultName[]])[] = [
  ['metadata-default', 'no-pkce', 'plain-pkce', 'no-verifier', 'wrong-verifier', 'root-metadata'],
  ['metadata-default', 'no-resource', 'no-resource-in-token', 'other-resource-in-token', 'relative-resource'],
  ['metadata-default', 'no-application-type', 'foreign-token', 'undefined-token'],
  ['metadata-var1', 'misplaced-metadata'],
  ['metadata-var2', 'misplaced-metadata'],
  ['metadata-var3', 'misplaced-metadata'],
  ['basic-cimd', 'no-cimd'],
  ['scope-from-www-authenticate', 'no-scope'],
  ['scope-from-scopes-supported', 'one-scope'],
  ['scope-omitted-when-undefined', 'one-scope'],
  ['scope-step-up', 'ignore-403', 'challenged-scope-alone', 'no-scope'],
  ['scope-retry-limit', 'no-retry-limit'],
  ['token-endpoint-auth-basic', 'secret-in-body'],
  ['pre-registration', 'attempts-registration', 'secret-in-body'],
  ['resource-mismatch', 'any-resource'],
  ['offline-access-scope', 'offline-never', 'no-refresh-grant'],
  ['offline-access-not-supported', 'offline-always'],
  ['authorization-server-migration', 'reuse-credentials'],
  ['client-credentials-basic', 'other-grant-type'],
  ['dpop', 'bearer-for-dpop'],
];

/** The revision that SDK v1 speaks; it cannot speak a newer one. */
const ofV1 = '2025-11-25';
const newest = '2026-07-28';

/** Whether SDK v1 has what the scenario is about. */
const isForV1 = (scenario: string): boolean => !scenario.startsWith('dpop');

/**
 * Every scenario with a sound client on SDK v1 and v2, each at the revisions that it is for and the SDK speaks, and
 * the faulty clients. Scenarios that are for 2026-07-28 alone are played by SDK v1 at 2025-11-25 all the same.
 *
 * @param scenarios the suite's scenarios with their revisions
 */
export function plan(scenarios: ReadonlyMap<string, readonly string[]>): readonly Run[] {
  const revisionsOf = (scenario: string): readonly string[] => {
    const known = (scenarios.get(scenario) ?? []).filter(
      (revision) => /^\d/.test(revision) && revision !== '2025-06-18',
    );
    return known.length > 0 ? known : [newest];
  };
  const played = (scenario: string, fault: FaultName): readonly Run[] => {
    const revisions = revisionsOf(scenario);
    const v1 = [...new Set(revisions.map((revision) => (revision === newest ? ofV1 : revision)))];
    return [
      ...(isForV1(scenario) ? v1.map((revision) => ({ scenario, revision, sdk: 'v1', fault }) as const) : []),
      ...revisions.map((revision) => ({ scenario, revision, sdk: 'v2', fault }) as const),
    ];
  };
  const sound = [...scenarios.keys()].flatMap((scenario) => played(scenario, 'none'));
  const unsound = faulty.flatMap(([scenario, ...faults]) =>
    faults.flatMap((fault) => (scenarios.has(scenario) ? played(scenario, fault) : [])),
  );
  return [...sound, ...unsound];
}
