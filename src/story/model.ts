import type { Exchange } from '../exchange/exchange.ts';
import type { AuthorizationRequest, AuthorizationResponse } from '../protocol/authorization.ts';
import type { BearerChallenge } from '../protocol/challenge.ts';
import type { Form } from '../protocol/form.ts';
import type { RpcRequest, RpcResponse } from '../protocol/json-rpc.ts';
import type { Jwt } from '../protocol/jwt.ts';
import type { Revision } from '../protocol/mcp.ts';
import type { AuthorizationServerMetadata, ProtectedResourceMetadata, WellKnown } from '../protocol/metadata.ts';
import type { ToolResult } from '../protocol/model.ts';
import type { Range } from '../protocol/range.ts';
import type { ClientMetadata } from '../protocol/registration.ts';
import type { TokenRequest, TokenResponse } from '../protocol/token.ts';

/**
 * The story: who is who, bound by value (endpoint, state, code, verifier hash,
 * token), never by time alone. Rules read this and nothing below it.
 */
export interface Story {
  readonly servers: readonly Server[];
  readonly authorizationServers: readonly AuthorizationServer[];
  /** Authorization server metadata that was fetched, and whose body the recording does not hold. */
  readonly unreadMetadata: readonly Exchange[];
  /** Every fetch of a discovery document, in time order, whatever its answer. */
  readonly discovery: readonly Discovery[];
  readonly registrations: readonly Registration[];
  /** Every GET of a URL that clients send as `client_id`, whatever its answer. */
  readonly clientDocuments: readonly Exchange[];
  readonly chains: readonly Chain[];
  readonly grants: readonly Grant[];
  readonly tokens: readonly Token[];
  /** Requests to token endpoints that no grant can be made of: by GET, in a format of their own, without `grant_type`. */
  readonly strayTokenRequests: readonly StrayTokenRequest[];
  readonly unreadTokenRequests: readonly UnreadTokenRequest[];
  readonly recoveries: readonly Recovery[];
  readonly surfaced: readonly Surfaced[];
  readonly visibleRetries: readonly VisibleRetry[];
  /** Tool errors that a provider's own (hosted) MCP client reported: the MCP hop is not in the log (cause C9). */
  readonly hostedErrors: readonly HostedError[];
  /** What part each entry plays; entries outside the story are not in it. */
  readonly roles: ReadonlyMap<number, Role>;
  /** The parts of all entries but MCP calls (`Server.calls`): few, however long the session. */
  readonly rolesBesideCalls: ReadonlyMap<number, Role>;
  /** The part of one entry: for rules, which ask about few. */
  readonly roleOf: (entry: number) => Role | null;
  /** Discovery, registration and token requests that a page sent to another origin, for the CORS rules. */
  readonly crossOrigin: readonly CrossOriginRequest[];
  /** CORS preflights of MCP requests: every one that was refused, and each server's first that was not. */
  readonly preflights: readonly ServerPreflight[];
  /** No `Authorization` anywhere although servers asked for it: the recording was sanitized (guard G19). */
  readonly sanitized: boolean;
  /** Sessions ended on purpose: revocation, RP-initiated log-out. */
  readonly sessionEnds: readonly SessionEnd[];
  /**
   * Requests that carry a whole secret (16 characters or more), wherever they went; where endpoints are named, without
   * those that carry it to one of them as their Bearer or DPoP credential, where it belongs.
   */
  readonly sightings: (secret: string, beside?: (endpoint: string) => boolean) => readonly Sighting[];
  /** Whether any request carries a whole secret. */
  readonly isSighted: (secret: string) => boolean;
  /** When the last exchange ended, milliseconds since the epoch. */
  readonly end: number;
}

export type RoleKind =
  | 'mcp'
  | 'protected-resource-metadata'
  | 'authorization-server-metadata'
  | 'client-id-metadata-document'
  | 'registration'
  | 'pushed-authorization-request'
  | 'authorization-request'
  | 'authorization-page'
  | 'authorization-response'
  | 'token-request'
  | 'refresh'
  | 'revocation'
  | 'end-session'
  | 'introspection'
  | 'userinfo'
  | 'jwks'
  | 'model';

export interface Role {
  readonly kind: RoleKind;
  /** URL of the MCP server it concerns, if bound to one. */
  readonly server: string | null;
  readonly issuer: string | null;
  /** `Grant.id` */
  readonly grant: string | null;
  /** `Token.id`s that the exchange carries or issues. */
  readonly tokens: readonly string[];
}

/** A protected resource: one canonical MCP endpoint (RFC 9728, MCP "canonical server URI"). */
export interface Server {
  readonly url: string;
  readonly revision: Revision | null;
  readonly revisionFrom: 'header' | 'meta' | 'initialize' | 'option' | 'unknown';
  /** Issuers its protected resource metadata names, first named first. */
  readonly issuers: readonly string[];
  readonly metadata: readonly ServerMetadata[];
  /** Every MCP request to it, by time sent. */
  readonly calls: readonly Call[];
  /** Those answered 401 or 403. */
  readonly refused: readonly Call[];
  /** Its calls by operation (`Call.operation`). */
  readonly attempts: ReadonlyMap<string, Attempts>;
  /** Names of the tools it was asked for. */
  readonly tools: ReadonlySet<string>;
  /** Where its metadata may be: URLs that its challenges name, and its well-known ones (RFC 9728 section 3.1). */
  readonly metadataUrls: ReadonlySet<string>;
}

/** All calls that attempt one operation, by time sent. */
export interface Attempts {
  readonly calls: readonly Call[];
  /** Those answered 2xx. */
  readonly successes: readonly Call[];
}

export interface ServerMetadata {
  readonly exchange: Exchange;
  readonly metadata: ProtectedResourceMetadata;
}

/** One MCP request and its answer. */
export interface Call {
  readonly exchange: Exchange;
  readonly server: string;
  readonly requests: readonly RpcRequest[];
  readonly responses: readonly RpcResponse[];
  /** Canonical operation (method, name, arguments); `GET` or `DELETE` for streams and sessions; null for what cannot be retried (notifications, responses). */
  readonly operation: string | null;
  /** The `tools/call` it is, else null. */
  readonly tool: { readonly name: string; readonly args: unknown } | null;
  /** The bearer or DPoP credential; null when the request had none. */
  readonly credential: string | null;
  /** `none`: the request had no credential; `unknown`: its headers were not recorded. */
  readonly scheme: 'bearer' | 'dpop' | 'other' | 'none' | 'unknown';
  readonly status: number;
  /** Parsed from `WWW-Authenticate` of a 401 or 403. */
  readonly challenge: BearerChallenge | null;
  /** Whether the page's script could read that header (Fetch, CORS): null when the page is unknown. */
  readonly challengeReadable: boolean | null;
}

export interface AuthorizationServer {
  readonly issuer: string;
  readonly metadata: readonly AuthorizationServerDocument[];
}

export interface AuthorizationServerDocument {
  readonly exchange: Exchange;
  readonly metadata: AuthorizationServerMetadata;
  readonly from: WellKnown | null;
}

/** How a client became known to an authorization server: RFC 7591 registration, or its client ID metadata document. */
export interface Registration {
  /** `dcr`: a request to the registration endpoint; `cimd`: a GET of the URL that is the client's id. */
  readonly source: 'dcr' | 'cimd';
  readonly exchange: Exchange;
  readonly issuer: string;
  readonly clientId: string | null;
  /** What the client asked for; null for a document. */
  readonly request: ClientMetadata | null;
  /** What the authorization server answered; the document itself. */
  readonly response: ClientMetadata | null;
}

/** An authorization request as sent by the user agent (RFC 6749 section 4.1.1). */
export interface Authorization {
  readonly exchange: Exchange;
  readonly issuer: string;
  readonly request: AuthorizationRequest;
}

/** The redirect back to the client (RFC 6749 section 4.1.2). */
export interface Callback {
  readonly exchange: Exchange;
  readonly response: AuthorizationResponse;
  /** `request.url` when the landing was seen, `response.headers.location` when only the redirect was. */
  readonly part: string;
}

/** A request to the token endpoint, with its answer. */
export interface TokenExchange {
  readonly exchange: Exchange;
  readonly issuer: string;
  readonly request: TokenRequest;
  /** null when the response's body was not seen. */
  readonly response: TokenResponse | null;
}

/** A request to a token endpoint whose body was not recorded. */
export interface UnreadTokenRequest {
  readonly exchange: Exchange;
  readonly issuer: string;
}

/** A request to a known token endpoint that is no token request as OAuth has it (RFC 6749 section 3.2). */
export interface StrayTokenRequest {
  readonly exchange: Exchange;
  readonly issuer: string;
  /** The only MCP server whose metadata names the issuer; null when none or several do. */
  readonly server: Server | null;
  /** Its parameters; none where the body is in another format. */
  readonly params: Form;
  /** Where they are. */
  readonly part: 'request.url' | 'request.postData';
}

/** One authorization: request, response, code exchange and the refreshes that live on it. */
export interface Grant {
  readonly id: string;
  readonly chain: string;
  /** null when no MCP server could be bound (guard G21: nothing is said about it). */
  readonly server: Server | null;
  readonly issuer: string;
  readonly clientId: string | null;
  readonly cause: 'initial' | '401' | 'step-up' | 'user' | 'unknown';
  /** The challenges this authorization answers: the one that caused it last. */
  readonly challenges: readonly Call[];
  readonly authorization: Authorization | null;
  readonly callback: Callback | null;
  readonly token: TokenExchange | null;
  /** Every request that redeemed it or tried to (`token` is the one that counts), by time sent. */
  readonly redemptions: readonly TokenExchange[];
  readonly refreshes: readonly TokenExchange[];
  /** Scopes asked for: null when the request was not seen or had no `scope`. */
  readonly requested: readonly string[] | null;
  /** Scopes of the code exchange's answer; as requested when it says nothing (RFC 6749 section 5.1); null when unknown. */
  readonly granted: readonly string[] | null;
  /** The answer's own `scope`, null when it had none. */
  readonly grantedExplicit: readonly string[] | null;
  readonly refreshToken: boolean | null;
}

/** All grants of one (client, issuer, protected resource, subject), in time order; a log-out or change of account begins a new one. */
export interface Chain {
  readonly id: string;
  readonly server: Server | null;
  readonly issuer: string;
  readonly clientId: string | null;
  readonly registration: Registration | null;
  readonly grants: readonly Grant[];
}

export interface Token {
  /** Stable alias, also its name in every export: `at-1`, `rt-2`, `id-1`. */
  readonly id: string;
  /** The secret itself: in memory only. */
  readonly value: string;
  readonly kind: 'access' | 'refresh' | 'id';
  readonly jwt: Jwt | null;
  readonly grant: Grant | null;
  /** The token response that issued it; null when it was issued before the log. */
  readonly issuedBy: TokenExchange | null;
  readonly scope: readonly string[] | null;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number | null;
  readonly expiresAt: number | null;
  /** Entries whose request carried it, ascending. */
  readonly uses: readonly number[];
}

/** What followed a 401 or 403 to an authenticated MCP request. */
export interface Recovery {
  readonly call: Call;
  readonly status: 401 | 403;
  readonly how: 'silent-refresh' | 'step-up' | 'sign-in' | 'surfaced' | 'none' | 'unknown';
  readonly ms: number | null;
  readonly entries: readonly number[];
}

/** An MCP failure that was handed to a language model (rules.md A.3.4). */
export interface Surfaced {
  /** The request to the model that carries the result for the first time. */
  readonly exchange: Exchange;
  readonly result: ToolResult;
  readonly call: Call;
  /** Proved: joined by the model's call id. Strong: joined by name and time. */
  readonly proof: 'proved' | 'strong';
  readonly text: string;
}

/** A call was refused, refreshed and repeated, and yet the model asked for it a second time, under another call id. */
export interface VisibleRetry {
  /** The model's answer that asks again. */
  readonly exchange: Exchange;
  /** The second call id. */
  readonly callId: string;
  /** The call that was refused. */
  readonly call: Call;
}

/** When a session was ended on purpose, milliseconds since the epoch. */
export interface SessionEnd {
  readonly issuer: string;
  /** The only MCP server whose session it was, by its URL; null when it may be every one's. */
  readonly server: string | null;
  readonly at: number;
}

/** One fetch of a discovery document. */
export interface Discovery {
  readonly exchange: Exchange;
  readonly kind: WellKnown;
  /** MCP servers whose metadata it was fetched as; empty for authorization server metadata. */
  readonly servers: readonly Server[];
  /** Issuers whose candidate URL it is; empty for protected resource metadata, and for URLs that no issuer leads to. */
  readonly issuers: readonly string[];
}

/** A secret found in a request. */
export interface Sighting {
  readonly exchange: Exchange;
  /** `request.url`, `request.headers.<name>` or `request.postData`. */
  readonly part: string;
  readonly range: Range;
}

export interface HostedError {
  readonly exchange: Exchange;
  /** `response.content` where the provider reported it, `request.postData` where the page's history holds it. */
  readonly part: 'response.content' | 'request.postData';
  readonly range: Range | null;
  readonly text: string;
}

export interface CrossOriginRequest {
  readonly exchange: Exchange;
  readonly kind: RoleKind;
  /** The page's origin. */
  readonly origin: string;
  readonly preflight: Exchange | null;
}

/** A CORS preflight of an MCP request (Fetch standard, CORS-preflight). */
export interface ServerPreflight {
  readonly exchange: Exchange;
  readonly server: Server;
  /** `status`: not answered 2xx; `headers`: some names are not allowed; null: it went through. */
  readonly refused: 'status' | 'headers' | null;
  /** Names that `Access-Control-Request-Headers` asked for and the answer does not allow. */
  readonly disallowed: readonly string[];
  /** The call it was for; null when it was never sent. */
  readonly call: Call | null;
}
