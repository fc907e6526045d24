/**
 * What each recording shows, told by the specifications and by what the laboratory was set to do, not by the engine.
 * A recording has these faults, at these requests, and no others.
 */

/** The parts of the laboratory, at the ports that recordings are made with. */
const as = 'http://127.0.0.1:4100';
const secondAs = 'http://127.0.0.1:4101';
const mcp = 'http://127.0.0.1:4200/mcp';
const model = 'http://127.0.0.1:4300/v1/chat/completions';
const pages = 'http://127.0.0.1:4400';
const prm = 'http://127.0.0.1:4200/.well-known/oauth-protected-resource/mcp';
const asMetadata = (issuer: string): string => `GET ${issuer}/.well-known/oauth-authorization-server`;

export interface Fault {
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  /** Method and URL without query of the culprit. */
  readonly request: string;
  /** Which of the requests to that URL: the first is 1. */
  readonly nth: number;
}

const fault = (rule: string, level: Fault['level'], request: string, nth = 1): Fault => ({ rule, level, request, nth });

/** Both server SDKs answer a request without a token by `error="invalid_token"`; RFC 6750 section 3.1: no error code then. */
const errorWithoutToken = fault('challenge-no-error-without-token', 'warning', `POST ${mcp}`);
/** `oidc-provider` offers no client ID metadata documents, which MCP 2025-11-25 asks for (SHOULD). */
const noCimd = (issuer = as): Fault => fault('authorization-server-metadata-cimd', 'warning', asMetadata(issuer));
/** What every recording shows of the servers, and nothing else. */
export const laboratory: readonly Fault[] = [errorWithoutToken, noCimd()];

/** The nth authorization request lacks `offline_access`, which is offered; a warning where the user paid for it. */
const noOffline = (nth: number, level: 'warning' | 'note' = 'note', issuer = as): Fault =>
  fault('sep-2207-offline-access-requested', level, `GET ${issuer}/auth`, nth);
/** A step-up that leaves out a scope that was granted, and a later call that needs it. */
const scopeLost = (nth: number, level: 'warning' | 'note' = 'warning'): Fault =>
  fault('sep-2350-scope-union-on-reauth', level, `GET ${as}/auth`, nth);
const hiddenChallenge = (nth: number): Fault => fault('cors-challenge-exposed', 'warning', `POST ${mcp}`, nth);
const registrationBlocked = fault('cors-discovery-endpoints', 'warning', `POST ${as}/reg`);
const foreignResource = fault('prm-resource-identical', 'error', `GET ${prm}`);
const foreignIssuer = fault('as-issuer-identical', 'error', asMetadata(as));

/**
 * Some circumstances were recorded with sign-in in the tab and in a popup: what the client does, and what is said of it,
 * is the same.
 */
const v1Stepup = [
  ...laboratory,
  ...[1, 2, 3, 4, 5].map((nth) => noOffline(nth)),
  ...[2, 3, 4, 5].map((nth) => scopeLost(nth)),
];
const v1Hidden = [...laboratory, hiddenChallenge(1), hiddenChallenge(6), noOffline(1)];
/** It goes on with metadata of another issuer, and so with a response that does not come from that issuer. */
const misnamed = (registered: string, landing: string, nth: number): readonly Fault[] => [
  ...laboratory,
  foreignIssuer,
  fault('sep-2468-client-validate-metadata-issuer', 'error', registered),
  fault('sep-2468-client-compare-iss-supported', 'note', `GET ${pages}/${landing}`, nth),
  noOffline(1),
];
/** It redeems the code of a response that says it comes from another issuer. */
const otherIss = (landing: string, nth: number): readonly Fault[] => [
  fault('as-iss-value', 'note', `GET ${pages}/${landing}`, nth),
  fault('sep-2468-client-compare-iss-supported', 'note', `GET ${pages}/${landing}`, nth),
  noOffline(1),
];
/**
 * It keeps what it discovered, and goes back to the old authorization server again and again: its fresh tokens are
 * refused at their first use, which no refresh token would have spared the user.
 */
const v1Migration = [...laboratory, ...[1, 2, 3, 4, 5].map((nth) => noOffline(nth))];
const useMcpStepup = [
  ...laboratory,
  ...[1, 2, 3, 4].map((nth) => noOffline(nth)),
  scopeLost(3, 'note'),
  fault('challenge-scope-authoritative', 'error', `GET ${as}/auth`, 4),
];
const aiSdkMigration = [noCimd(), noCimd(secondAs), noOffline(1)];

/** The faults of each recording. */
export const expected: Readonly<Record<string, readonly Fault[]>> = {
  // SDK v1: never asks for offline_access, and asks for the challenged scope alone.
  'v1-expiry': [...laboratory, noOffline(1, 'warning'), noOffline(2)],
  'v1-expiry-popup': [...laboratory, noOffline(1, 'warning'), noOffline(2)],
  'v1-rotation': laboratory,
  'v1-rotation-popup': laboratory,
  'v1-stepup': v1Stepup,
  'v1-stepup-popup': v1Stepup,
  'v1-stepup-rt-always': [
    ...laboratory,
    fault('step-up-via-refresh', 'warning', `POST ${as}/token`, 2),
    fault('sep-2702-no-refresh-on-other-error', 'warning', `POST ${as}/token`, 2),
  ],
  'v1-refresh-revoked': laboratory,
  'v1-refresh-revoked-popup': laboratory,
  'v1-www-hidden': v1Hidden,
  'v1-www-hidden-popup': v1Hidden,
  'v1-reg-nocors': [...laboratory, registrationBlocked],
  'v1-metadata-issuer': misnamed(`POST ${as}/reg`, 'chat-v1', 2),
  'v1-metadata-issuer-popup': misnamed(`POST ${as}/reg`, 'callback', 1),
  'v1-response-issuer': [...laboratory, ...otherIss('chat-v1', 2)],
  'v1-response-issuer-popup': [...laboratory, ...otherIss('callback', 1)],
  'v1-foreign-prm': [...laboratory, foreignResource],
  'v1-migration': v1Migration,
  'v1-migration-popup': v1Migration,

  // SDK v2: no fault of the client.
  'v2-expiry': laboratory,
  'v2-expiry-popup': laboratory,
  'v2-rotation': laboratory,
  'v2-rotation-popup': laboratory,
  'v2-stepup': laboratory,
  'v2-stepup-popup': laboratory,
  'v2-auto-expiry': laboratory,
  'v2-auto-stepup-popup': laboratory,
  'v2-refresh-revoked': laboratory,
  'v2-refresh-revoked-popup': laboratory,
  'v2-www-hidden': [...laboratory, hiddenChallenge(1), hiddenChallenge(6)],
  'v2-www-hidden-popup': [...laboratory, hiddenChallenge(1), hiddenChallenge(6)],
  'v2-reg-nocors': [...laboratory, registrationBlocked],
  'v2-metadata-issuer': [...laboratory, foreignIssuer],
  'v2-response-issuer': [...laboratory, fault('as-iss-value', 'note', `GET ${pages}/chat-v2`, 2)],
  'v2-response-issuer-popup': [...laboratory, fault('as-iss-value', 'note', `GET ${pages}/callback`)],
  'v2-foreign-prm': [...laboratory, foreignResource],
  'v2-migration': laboratory,
  'v2-migration-popup': laboratory,

  // use-mcp: SDK v1, and every authorization request twice, the second in place of the first.
  'usemcp-expiry': [
    ...laboratory,
    noOffline(1),
    noOffline(2, 'warning'),
    noOffline(3),
    noOffline(4),
    // The code of the third request is redeemed with the verifier of the fourth.
    fault('pkce-verifier-matches-challenge', 'error', `POST ${as}/token`, 2),
  ],
  // Here the second response is redeemed with its own verifier.
  'usemcp-expiry-redirect': [...laboratory, noOffline(1), noOffline(2, 'warning'), noOffline(3), noOffline(4)],
  'usemcp-rotation': laboratory,
  'usemcp-stepup': useMcpStepup,
  'usemcp-stepup-redirect': useMcpStepup,
  // Refresh tokens come without offline_access: the refresh shows it where the popup's answer was lost.
  'usemcp-refresh-revoked': [...laboratory, fault('sep-2702-needs-reauth', 'warning', `POST ${as}/token`, 3)],
  'usemcp-www-hidden': [...laboratory, hiddenChallenge(1), hiddenChallenge(8), noOffline(1), noOffline(2)],
  'usemcp-metadata-issuer': [...misnamed(`POST ${as}/reg`, 'oauth/callback', 1), noOffline(2)],
  'usemcp-response-issuer': [...laboratory, ...otherIss('oauth/callback', 1), noOffline(2)],
  'usemcp-reg-nocors': [...laboratory, registrationBlocked],
  'usemcp-foreign-prm': [...laboratory, foreignResource],
  'usemcp-migration': [
    ...laboratory,
    noCimd(secondAs),
    noOffline(1),
    noOffline(2),
    noOffline(1, 'note', secondAs),
    noOffline(2, 'note', secondAs),
  ],

  // The AI SDK signs in before its first call, so that no call goes without a token.
  'aisdk-header-expiry': [noCimd(), fault('sep-2702-401-surfaced-to-model', 'warning', `POST ${model}`, 4)],
  'aisdk-expiry': [noCimd(), noOffline(1, 'warning'), noOffline(2)],
  'aisdk-expiry-popup': [noCimd(), noOffline(1, 'warning'), noOffline(2)],
  'aisdk-rotation': [noCimd()],
  'aisdk-rotation-popup': [noCimd()],
  'aisdk-stepup': [noCimd(), noOffline(1)],
  'aisdk-stepup-popup': [noCimd(), noOffline(1)],
  'aisdk-refresh-revoked': [noCimd()],
  'aisdk-refresh-revoked-popup': [noCimd()],
  'aisdk-www-hidden': [noCimd(), hiddenChallenge(5), noOffline(1)],
  'aisdk-www-hidden-popup': [noCimd(), hiddenChallenge(5), noOffline(1)],
  'aisdk-reg-nocors': [noCimd(), registrationBlocked],
  'aisdk-metadata-issuer': [noCimd(), foreignIssuer],
  'aisdk-response-issuer': [noCimd(), ...otherIss('chat-aisdk', 2)],
  'aisdk-response-issuer-popup': [noCimd(), ...otherIss('callback', 1)],
  'aisdk-foreign-prm': [foreignResource],
  'aisdk-migration': aiSdkMigration,
  'aisdk-migration-popup': aiSdkMigration,

  // No MCP client: nothing may be said.
  'neg-oidc': [],
};
