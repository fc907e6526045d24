import type { Exchange } from '../exchange/exchange.ts';
import {
  type AuthorizationRequest,
  readAuthorizationRequest,
  readAuthorizationResponse,
} from '../protocol/authorization.ts';
import { formValue, parseForm } from '../protocol/form.ts';
import { asObject, parseJson, stringMember } from '../protocol/json.ts';
import { readPlace, readTarget, type Target } from '../protocol/url.ts';
import type { Issuers } from './issuers.ts';
import type { Authorization, Callback } from './model.ts';
import { bySent } from './order.ts';
import { type Reading, responseForm } from './reading.ts';
import { isOwnRequest } from './records.ts';
import { isSecret } from './token-book.ts';

/** An authorization request with every entry that sent it: an authorization server may pass the same one through its own pages. */
export interface SeenAuthorization extends Authorization {
  readonly entries: readonly number[];
}

/** An authorization response with every entry that shows it: the redirect, its landing, a reload. */
export interface SeenCallback extends Callback {
  readonly redirectEndpoint: string;
  readonly entries: readonly number[];
}

/**
 * Authorization requests in time order (RFC 6749 section 4.1.1). Requests of an authorization
 * server to an upstream one (its own origin as `redirect_uri`) are not the client's; an authorization
 * server is one by its metadata, or since the client sent the user there.
 */
export function readAuthorizations(
  readings: readonly Reading[],
  pushed: readonly Reading[],
  issuers: Issuers,
): SeenAuthorization[] {
  const byRequestUri = pushedParameters(pushed);
  const servers = new Set(
    issuers.endpointsOf('authorization').flatMap((endpoint) => readPlace(endpoint)?.origin ?? []),
  );
  const seen: SeenAuthorization[] = [];
  const places = new Map<string, number>();
  for (const { exchange, target } of readings) {
    if (!isOwnRequest(exchange)) continue;
    const direct = readAuthorizationRequest(target.query);
    const parameters = direct.requestUri === null ? undefined : byRequestUri.get(direct.requestUri);
    const request =
      parameters === undefined
        ? direct
        : { ...readAuthorizationRequest(parseForm(parameters)), requestUri: direct.requestUri };
    const redirect = request.redirectUri === null ? null : readTarget(request.redirectUri);
    const known = issuers.isEndpoint(target.endpoint, 'authorization');
    if (!known && redirect && (servers.has(redirect.origin) || redirect.origin === target.origin)) continue;
    const issuer = issuers.issuerOf(target.endpoint, 'authorization');
    const identity = identityOf(request, issuer);
    const place = identity === null ? undefined : places.get(identity);
    const first = place === undefined ? undefined : seen[place];
    if (place !== undefined && first && isSameRequest(first, request, exchange)) {
      seen[place] = { ...first, entries: [...first.entries, exchange.entry] };
      continue;
    }
    if (identity !== null) places.set(identity, seen.length);
    seen.push({ exchange, issuer, request, entries: [exchange.entry] });
    servers.add(target.origin);
  }
  return seen;
}

/** What makes an authorization request this one and no other (rules.md B.3, AZ); null when it has nothing of its own. */
function identityOf(request: AuthorizationRequest, issuer: string): string | null {
  const { clientId, redirectUri, state, codeChallenge } = request;
  return isSecret(state) || isSecret(codeChallenge)
    ? JSON.stringify([issuer, clientId, redirectUri, state, codeChallenge])
    : null;
}

/** How long a user may take on the authorization server's pages, milliseconds. */
const PAGES_WINDOW = 600_000;

/** A code challenge is used once (RFC 7636 section 4.1); without one, a client may have the same `state` again later. */
function isSameRequest(first: SeenAuthorization, request: AuthorizationRequest, exchange: Exchange): boolean {
  if (isSecret(request.codeChallenge)) return true;
  return first.request.scopeText === request.scopeText && exchange.sent - first.exchange.sent <= PAGES_WINDOW;
}

/** RFC 9126: the parameters of a pushed authorization request, by the `request_uri` it was given. */
function pushedParameters(pushed: readonly Reading[]): Map<string, string> {
  const byRequestUri = new Map<string, string>();
  for (const { exchange } of pushed) {
    const answer = asObject(parseJson(exchange.response.body.text));
    const requestUri = answer && stringMember(answer, 'request_uri');
    if (requestUri && exchange.request.body.state === 'whole') byRequestUri.set(requestUri, exchange.request.body.text);
  }
  return byRequestUri;
}

/**
 * Whether the parameters of an authorization request are not in the log (cause C3): they are in a request object
 * (RFC 9101), or were pushed in a request that was not recorded (RFC 9126).
 */
export function hidesParameters({ request }: Authorization): boolean {
  return request.requestObject !== null || formValue(request.params, 'request_uri') !== null;
}

/**
 * Authorization responses in time order (RFC 6749 section 4.1.2), each once: the landing where it
 * was seen, else the redirect that carried it. `redirectUris` are the endpoints that clients named.
 */
export function readCallbacks(
  landings: readonly Reading[],
  redirects: readonly Reading[],
  redirectUris: ReadonlySet<string>,
): SeenCallback[] {
  const found: SeenCallback[] = [];
  for (const { exchange, target } of landings) {
    if (!isOwnRequest(exchange) || !redirectUris.has(target.endpoint)) continue;
    const posted = exchange.method === 'POST' && exchange.request.body.text !== '';
    const form = posted ? parseForm(exchange.request.body.text) : responseForm(target);
    const part = posted ? 'request.postData' : 'request.url';
    found.push({
      exchange,
      response: readAuthorizationResponse(form),
      part,
      redirectEndpoint: target.endpoint,
      entries: [exchange.entry],
    });
  }
  for (const { exchange } of redirects) {
    const target =
      exchange.response.location === null ? null : locationTarget(exchange.response.location, exchange.url);
    if (!target || !redirectUris.has(target.endpoint)) continue;
    const response = readAuthorizationResponse(responseForm(target));
    if (response.code === null && response.error === null && response.accessToken === null) continue;
    const part = 'response.headers.location';
    found.push({ exchange, response, part, redirectEndpoint: target.endpoint, entries: [exchange.entry] });
  }
  return withoutRepetitions(found.sort(bySent));
}

/** Every redirect is a response of its own, even with the same code; a landing belongs to the redirect before it. */
function withoutRepetitions(found: readonly SeenCallback[]): SeenCallback[] {
  const seen: SeenCallback[] = [];
  const places = new Map<string, number>();
  for (const callback of found) {
    const { code, state, error, accessToken } = callback.response;
    const identity = JSON.stringify([callback.redirectEndpoint, code, state, error, accessToken]);
    const place = callback.part === 'response.headers.location' ? undefined : places.get(identity);
    const first = place === undefined ? undefined : seen[place];
    if (place !== undefined && first && callback.exchange.sent - first.exchange.sent < SAME_RESPONSE_WINDOW) {
      const shown = first.part === 'response.headers.location' ? callback : first;
      seen[place] = { ...shown, entries: [...first.entries, callback.exchange.entry] };
      continue;
    }
    places.set(identity, seen.length);
    seen.push(callback);
  }
  return seen;
}

/** How long after its redirect a landing or a reload of it may still be seen, milliseconds. */
const SAME_RESPONSE_WINDOW = 60_000;

function locationTarget(location: string, base: string): Target | null {
  try {
    return readTarget(new URL(location, base).href);
  } catch {
    return null;
  }
}
