/** Why an outcome is `open`: what the recording does not show, in words, and what would lift it. */
export interface MissingSignal {
  /** A noun phrase that completes "not seen:". */
  readonly words: string;
  /** A noun phrase that completes "would decide it:". */
  readonly lifts: string;
}

const LATE = 'a recording that begins before the page loads, with DevTools open and the cache off';
const SIGN_IN = 'watching the window or tab in which the sign-in happens';
const TOKEN = 'watching the worker or the tab that asked for the token, or the log of the back end that did';
const WHOLE = 'a HAR exported with sensitive data';
const REGISTRATION = 'a recording that begins before the client registers; nothing, where it was registered by hand';
const OPAQUE = 'nothing in the traffic: the authorization server alone knows what an opaque token says';
const BODY = 'a recording that keeps bodies; for an open stream, its end';
const BACK_END = 'the log of the program that speaks to the MCP server';
const WAIT = 'a recording that goes on until the client has acted';
const REVISION = 'a recording that holds the initialize exchange, or --spec';
const SCRIPT = 'looking closer at the site: what its script could read';

/**
 * Every id that `Outcome.missing` can hold, by what keeps it from sight. Rules name these and no others: the
 * type of a judgement says so. The ids are part of the report's format; the words are for people.
 */
const table = {
  // The authorization server’s metadata: cached, written into the client, or read before the recording.
  'authorization-server-metadata': { words: 'the authorization server’s metadata', lifts: LATE },
  'earlier-discovery': { words: 'the discovery before the recording', lifts: LATE },
  'scopes-supported': { words: 'which scopes the server supports', lifts: LATE },
  // What the MCP server says of itself and of its refusals.
  'protected-resource-metadata': { words: 'the protected resource metadata', lifts: LATE },
  challenge: { words: 'the WWW-Authenticate challenge', lifts: LATE },
  'challenge-scope': { words: 'the scope that was challenged', lifts: LATE },
  'refusal-without-token': { words: 'an answer to a request without a token', lifts: LATE },
  // The sign-in: a popup, another tab, the system’s browser, parameters pushed or signed.
  'authorization-request': { words: 'the authorization request', lifts: SIGN_IN },
  'authorization-request-parameters': { words: 'the parameters of the authorization request', lifts: SIGN_IN },
  'authorization-response': { words: 'the authorization response', lifts: SIGN_IN },
  'authorization-code': { words: 'the authorization code', lifts: SIGN_IN },
  'earlier-authorization': { words: 'the sign-in before this one', lifts: SIGN_IN },
  state: { words: 'the state parameter', lifts: SIGN_IN },
  // Tokens that a back end, a worker or another tab asked for.
  'token-request': { words: 'the token request', lifts: TOKEN },
  'code-verifier': { words: 'the code_verifier, or the code_challenge, as it was sent', lifts: WHOLE },
  'token-response': { words: 'the token response', lifts: TOKEN },
  'refresh-token': { words: 'whether a refresh token was at hand', lifts: TOKEN },
  'token-scope': { words: 'the token’s scope', lifts: TOKEN },
  // Headers that an export left out or masked.
  'authorization-header': { words: 'the Authorization header', lifts: WHOLE },
  'request-headers': { words: 'the request’s headers', lifts: WHOLE },
  'request-origin': { words: 'the page’s origin', lifts: WHOLE },
  'response-headers': { words: 'the response’s headers', lifts: WHOLE },
  'dpop-proof': { words: 'the DPoP proof', lifts: WHOLE },
  timings: { words: 'the times of the exchanges', lifts: 'a recording with the times of its exchanges' },
  // How the client became known to the authorization server.
  'client-certificate': {
    words: 'whether a certificate authenticated the client',
    lifts: 'the authorization server’s log',
  },
  'client-registration': { words: 'how the client was registered', lifts: REGISTRATION },
  'registration-request': { words: 'the registration request', lifts: REGISTRATION },
  'registration-response': { words: 'the registration response', lifts: REGISTRATION },
  'client-id-metadata-document': { words: 'the client ID metadata document', lifts: REGISTRATION },
  // Meanings that the traffic does not carry.
  'token-claims': { words: 'what the token says (it is opaque)', lifts: OPAQUE },
  'token-lifetime': {
    words: 'how long the token lives',
    lifts: 'an expires_in in the token response, or a token that says when it ends',
  },
  'assertion-claims': { words: 'what the client’s assertion says', lifts: WHOLE },
  'meaning-of-the-credential': {
    words: 'what the credential is',
    lifts: 'knowing what the server takes for a credential',
  },
  'scope-hierarchy': { words: 'whether one scope contains another', lifts: 'the server’s own account of its scopes' },
  'owner-of-the-origin': { words: 'who owns the origin', lifts: 'knowing whose origin it is' },
  // Bodies that were not kept, and streams still open.
  'request-body': { words: 'the request’s body', lifts: BODY },
  'response-body': { words: 'the response’s body', lifts: BODY },
  // Steps outside the browser.
  'client-back-end': { words: 'the traffic of the client’s own back end', lifts: BACK_END },
  'mcp-traffic': { words: 'the MCP traffic itself', lifts: BACK_END },
  'model-traffic': { words: 'the messages to the model', lifts: 'a recording that holds the calls to the model' },
  // The recording ends before the client had to act.
  'client-state': { words: 'what the client kept across the sign-in', lifts: 'looking at the page' },
  'later-traffic': { words: 'what happens next', lifts: WAIT },
  // The MCP revision in use.
  initialize: { words: 'the initialize exchange', lifts: REVISION },
  'protocol-version': { words: 'the MCP revision in use', lifts: REVISION },
  // What the browser keeps from the network’s log.
  'challenge-as-received': { words: 'the challenge as the script received it', lifts: SCRIPT },
  'failure-reason': { words: 'why the request failed', lifts: SCRIPT },
  'what-the-client-showed': { words: 'what the client showed to the user', lifts: 'looking at the page' },
} as const satisfies Readonly<Record<string, MissingSignal>>;

export type Missing = keyof typeof table;

export const missingSignals: Readonly<Record<Missing, MissingSignal>> = table;

/** The entry of an id, which a file of another version may have made up; null then. */
export function missingSignal(id: string): MissingSignal | null {
  return isMissing(id) ? table[id] : null;
}

function isMissing(id: string): id is Missing {
  return Object.hasOwn(table, id);
}
