import { s256 } from '../protocol/pkce.ts';
import { readTokenResponse } from '../protocol/token.ts';
import { readTarget } from '../protocol/url.ts';
import type { SeenAuthorization, SeenCallback } from './authorizations.ts';
import { type Issuers, isSameIssuer } from './issuers.ts';
import type { TokenExchange } from './model.ts';
import type { Reading } from './reading.ts';
import { isSecret, type TokenBook } from './token-book.ts';

/** A grant while it is put together: who asked, what came back, what lives on it. */
export interface GrantDraft {
  readonly issuer: string;
  readonly clientId: string | null;
  readonly authorization: SeenAuthorization | null;
  callback: SeenCallback | null;
  token: TokenExchange | null;
  readonly refreshes: TokenExchange[];
  /** `resource` values of its requests, the authorization request's first. */
  readonly resources: string[];
}

/** When a grant began: its authorization request, else its first token request. */
export function beganAt(draft: GrantDraft): number {
  const first = draft.authorization ?? draft.token ?? draft.refreshes[0];
  return first?.exchange.sent ?? 0;
}

/** The token requests of the log with their answers, in time order (RFC 6749 sections 3.2 and 5). */
export function readTokenExchanges(readings: readonly Reading[], issuers: Issuers): TokenExchange[] {
  return readings.flatMap(({ exchange, target, tokenRequest: request }) => {
    if (!request || exchange.part !== 'request') return [];
    const { text, mimeType } = exchange.response.body;
    const response = text === '' ? null : readTokenResponse(text, mimeType);
    return [{ exchange, issuer: issuers.issuerOf(target.endpoint, 'token'), request, response }];
  });
}

/**
 * Binds requests, responses, codes and refreshes into grants by value (rules.md B.5):
 * `state`, then the code, then the verifier's hash, then the refresh token; never by time alone.
 */
export function bindGrants(
  authorizations: readonly SeenAuthorization[],
  callbacks: readonly SeenCallback[],
  exchanges: readonly TokenExchange[],
  tokens: TokenBook,
): GrantDraft[] {
  const drafts = authorizations.map(
    (authorization): GrantDraft => ({
      issuer: authorization.issuer,
      clientId: authorization.request.clientId,
      authorization,
      callback: null,
      token: null,
      refreshes: [],
      resources: [...authorization.request.resources],
    }),
  );
  for (const callback of callbacks) bindCallback(drafts, callback);
  for (const exchange of exchanges) {
    const draft = exchange.request.grantType === 'refresh_token' ? bindRefresh(drafts, exchange) : bindCode(drafts, exchange);
    for (const resource of exchange.request.resources) if (!draft.resources.includes(resource)) draft.resources.push(resource);
    tokens.issue(exchange);
  }
  return drafts.sort((one, other) => beganAt(one) - beganAt(other));
}

function bindCallback(drafts: readonly GrantDraft[], callback: SeenCallback): void {
  const { response, exchange } = callback;
  const earlier = drafts.filter(
    ({ authorization }) =>
      authorization !== null &&
      authorization.exchange.sent <= exchange.sent &&
      (authorization.request.redirectUri === null ||
        readTarget(authorization.request.redirectUri)?.endpoint === callback.redirectEndpoint),
  );
  const byState = earlier.findLast(({ authorization }) => isSecret(response.state) && authorization?.request.state === response.state);
  // A redirect's own request may be the authorization request itself: no login page in between.
  const own = earlier.find(({ authorization }) => authorization?.entries.includes(exchange.entry));
  const outstanding = earlier.filter(({ callback: known }) => known === null);
  const draft = byState ?? own ?? (outstanding.length === 1 ? outstanding[0] : undefined);
  if (draft && draft.callback === null) draft.callback = callback;
}

function bindCode(drafts: GrantDraft[], exchange: TokenExchange): GrantDraft {
  const { request } = exchange;
  const { sent } = exchange.exchange;
  const challenge = isSecret(request.codeVerifier) ? s256(request.codeVerifier) : null;
  const delivered = drafts.filter(
    ({ callback, issuer }) =>
      callback !== null &&
      isSecret(request.code) &&
      callback.response.code === request.code &&
      callback.exchange.sent <= sent &&
      isSameIssuer(issuer, exchange.issuer),
  );
  // Constant codes (test servers) are told apart by whether they were redeemed, then by the verifier.
  const byCode =
    delivered.findLast((draft) => challenge !== null && draft.authorization?.request.codeChallenge === challenge) ??
    delivered.findLast((draft) => draft.token === null) ??
    delivered.at(-1);
  const byVerifier = drafts.findLast(
    ({ authorization }) => challenge !== null && authorization?.request.codeChallenge === challenge && authorization.exchange.sent <= sent,
  );
  const mixedUp = drafts.findLast(({ callback }) => isSecret(request.code) && callback?.response.code === request.code);
  const draft = byCode ?? byVerifier ?? mixedUp;
  if (draft) {
    if (draft.token === null || !succeeded(draft.token)) draft.token = exchange;
    return draft;
  }
  return add(drafts, exchange, exchange, []);
}

function bindRefresh(drafts: GrantDraft[], exchange: TokenExchange): GrantDraft {
  const { request } = exchange;
  const known = isSecret(request.refreshToken)
    ? drafts.findLast((draft) => holdsRefreshToken(draft, request.refreshToken))
    : undefined;
  const clientId = clientIdOf(exchange);
  const sameClient = drafts.filter(
    (draft) =>
      isSameIssuer(draft.issuer, exchange.issuer) &&
      draft.clientId === clientId &&
      beganAt(draft) <= exchange.exchange.sent &&
      sharesResource(draft, request.resources),
  );
  // A value that no response in the log issued may come from a response that was not seen.
  const unseen = sameClient.findLast(({ token, refreshes }) =>
    isSecret(request.refreshToken) ? token?.response === null || token === null || usedUnknown(refreshes, request.refreshToken) : true,
  );
  const draft = known ?? unseen;
  if (draft) {
    draft.refreshes.push(exchange);
    return draft;
  }
  return add(drafts, exchange, null, [exchange]);
}

function sharesResource(draft: GrantDraft, resources: readonly string[]): boolean {
  return resources.length === 0 || draft.resources.length === 0 || resources.some((resource) => draft.resources.includes(resource));
}

function usedUnknown(refreshes: readonly TokenExchange[], value: string): boolean {
  return refreshes.some(({ request }) => request.refreshToken === value);
}

function holdsRefreshToken(draft: GrantDraft, value: string | null): boolean {
  return [draft.token, ...draft.refreshes].some(
    (exchange) => exchange !== null && (exchange.response?.refreshToken === value || exchange.request.refreshToken === value),
  );
}

function add(drafts: GrantDraft[], exchange: TokenExchange, token: TokenExchange | null, refreshes: TokenExchange[]): GrantDraft {
  const draft: GrantDraft = {
    issuer: exchange.issuer,
    clientId: clientIdOf(exchange),
    authorization: null,
    callback: null,
    token,
    refreshes,
    resources: [],
  };
  drafts.push(draft);
  return draft;
}

/** A token response with an access token, or a success whose body the log does not hold. */
export function succeeded(exchange: TokenExchange): boolean {
  const { status } = exchange.exchange.response;
  if (status < 200 || status >= 300) return false;
  return exchange.response === null || exchange.response.error === null;
}

/** The client of a token request: `client_id`, else the user name of HTTP Basic (RFC 6749 section 2.3.1). */
export function clientIdOf({ request, exchange }: TokenExchange): string | null {
  if (request.clientId !== null) return request.clientId;
  for (const { name, value } of exchange.request.headers) {
    if (name.toLowerCase() !== 'authorization' || !value.toLowerCase().startsWith('basic ')) continue;
    const pair = decodeBase64(value.slice(6).trim());
    const colon = pair.indexOf(':');
    if (colon > 0) return formDecode(pair.slice(0, colon));
  }
  return null;
}

function decodeBase64(value: string): string {
  try {
    return atob(value);
  } catch {
    return '';
  }
}

function formDecode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
