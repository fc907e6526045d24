import type { Missing } from '../rules/missing.ts';
import type { BlindSpotId } from './blind-spots.ts';

/** Signals that a rule may miss (`Outcome.missing`), by what can hide them. */
const discovery: readonly Missing[] = [
  'protected-resource-metadata',
  'authorization-server-metadata',
  'client-id-metadata-document',
  'client-registration',
  'registration-request',
  'registration-response',
  'earlier-discovery',
  'scopes-supported',
  'initialize',
  'protocol-version',
  'challenge',
  'challenge-scope',
];
const authorization: readonly Missing[] = [
  'authorization-request',
  'authorization-request-parameters',
  'authorization-response',
  'authorization-code',
  'earlier-authorization',
  'state',
];
const tokens: readonly Missing[] = [
  'token-request',
  'code-verifier',
  'token-response',
  'token-scope',
  'token-claims',
  'token-lifetime',
  'refresh-token',
  'assertion-claims',
];
const bodies: readonly Missing[] = [
  ...discovery,
  'token-request',
  'token-response',
  'token-scope',
  'token-lifetime',
  'response-body',
  'request-body',
  'model-traffic',
];
const headers: readonly Missing[] = [
  'authorization-header',
  'request-headers',
  'response-headers',
  'request-origin',
  'challenge',
  'challenge-as-received',
  'dpop-proof',
];
const outside: readonly Missing[] = [
  'client-back-end',
  'mcp-traffic',
  'model-traffic',
  'owner-of-the-origin',
  'meaning-of-the-credential',
];

/** What each blind spot can hide; `all`: any exchange may be among what it swallowed. */
export const hiddenSignals: Readonly<Record<BlindSpotId, readonly Missing[] | 'all'>> = {
  'popup-not-watched': [...authorization, ...tokens],
  'opened-late': [...discovery, ...authorization, ...tokens, 'refusal-without-token'],
  'shared-worker': [...discovery, ...authorization, ...tokens, 'mcp-traffic', 'later-traffic'],
  'service-worker': [...discovery, ...tokens, 'mcp-traffic', 'later-traffic'],
  'stream-open': ['response-body', 'later-traffic'],
  'hidden-from-script': ['challenge-as-received', 'failure-reason', 'request-origin'],
  'body-gone': bodies,
  'bodies-elsewhere': [...bodies, ...tokens, ...authorization],
  'body-cut': bodies,
  'memory-full': bodies,
  dropped: 'all',
  paused: ['later-traffic', ...discovery, ...authorization, ...tokens],
  'headers-left-out': [...headers, ...tokens],
  'private-window': [],
  policy: [...authorization, ...tokens, 'mcp-traffic'],
  'not-offered': [...authorization, ...tokens],
  'outside-the-browser': outside,
  'not-in-traffic': [],
};

/** Signals that no capture could bring: they lie outside HTTP, or had not happened when the session ended. */
export const tellsOfNoTraffic: readonly Missing[] = [
  'client-certificate',
  'client-state',
  'later-traffic',
  'refusal-without-token',
  'scope-hierarchy',
  'timings',
  'what-the-client-showed',
];
