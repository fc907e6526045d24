import { formValue } from '../protocol/form.ts';
import { readTokenResponse } from '../protocol/token.ts';
import { readPlace } from '../protocol/url.ts';
import type { SeenAuthorization, SeenCallback } from './authorizations.ts';
import { clientIdOf } from './client-id.ts';
import { append } from './group.ts';
import { type Issuers, isSameIssuer, issuerKey } from './issuers.ts';
import type { Grant, TokenExchange } from './model.ts';
import { firstAfter, inTimeOrder } from './order.ts';
import { challengeMadeBy } from './pkce.ts';
import type { Reading } from './reading.ts';
import { isOwnRequest } from './records.ts';
import { isSuccess } from './token-answers.ts';
import { isSecret, type TokenBook } from './token-book.ts';

/** A grant while it is put together: who asked, what came back, what lives on it. */
export interface GrantDraft {
  readonly issuer: string;
  readonly clientId: string | null;
  readonly authorization: SeenAuthorization | null;
  callback: SeenCallback | null;
  token: TokenExchange | null;
  /** Every request that redeemed it or tried to. */
  readonly redemptions: TokenExchange[];
  readonly refreshes: TokenExchange[];
  /** `resource` values of its requests, the authorization request's first. */
  readonly resources: string[];
}

/** When a grant began: its authorization request, else its first token request. */
export function beganAt(draft: GrantDraft): number {
  return firstExchange(draft)?.sent ?? 0;
}

function firstExchange({ authorization, token, refreshes }: GrantDraft): TokenExchange['exchange'] | null {
  return (authorization ?? token ?? refreshes[0])?.exchange ?? null;
}

/** Grants in which a person takes part, once (RFC 6749 sections 4.1, 4.3 and 6; RFC 8628 section 3.4; OpenID CIBA). */
const WITH_A_USER = new Set([
  'authorization_code',
  'refresh_token',
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:openid:params:grant-type:ciba',
]);

/**
 * Whether a grant is one that a program gets by itself: client credentials (RFC 6749 section 4.4), an
 * assertion (RFC 7521), a token exchange (RFC 8693). To ask again is how such a client renews its token.
 */
export function isMachineGrant({ authorization, token }: Pick<Grant, 'authorization' | 'token'>): boolean {
  return authorization === null && token !== null && !WITH_A_USER.has(token.request.grantType ?? '');
}

/** The token requests of the log with their answers (null where they were not recorded, cause C4), in time order (RFC 6749 sections 3.2 and 5). */
export function readTokenExchanges(readings: readonly Reading[], issuers: Issuers): TokenExchange[] {
  return readings.flatMap(({ exchange, target, tokenRequest: request }) => {
    if (!request || !isOwnRequest(exchange)) return [];
    const { text, mimeType } = exchange.response.body;
    const response = text === '' ? null : readTokenResponse(text, mimeType);
    return [{ exchange, issuer: issuers.issuerOf(target.endpoint, 'token'), request, response }];
  });
}

/**
 * Binds requests, responses, codes and refreshes into grants by value (rules.md B.5):
 * `state`, then the code, then the verifier's hash, then the refresh token; never by time alone.
 * All three lists are in time order; so are the grants.
 */
export function bindGrants(
  authorizations: readonly SeenAuthorization[],
  callbacks: readonly SeenCallback[],
  exchanges: readonly TokenExchange[],
  tokens: TokenBook,
): GrantDraft[] {
  const binder = new GrantBinder(authorizations, exchanges);
  binder.bindCallbacks(callbacks);
  for (const exchange of exchanges) {
    binder.bindToken(exchange);
    tokens.issue(exchange);
  }
  return binder.drafts.sort((one, other) => {
    const first = firstExchange(one);
    const second = firstExchange(other);
    return first && second ? inTimeOrder(first, second) : 0;
  });
}

class GrantBinder {
  readonly drafts: GrantDraft[];
  /** Where each asked to be answered; null where it did not say. */
  readonly #endpoints = new Map<GrantDraft, string | null>();
  readonly #byState = new Map<string, GrantDraft[]>();
  readonly #byChallenge = new Map<string, GrantDraft[]>();
  readonly #byEntry = new Map<number, GrantDraft>();
  /** Grants by the code that their response delivered, in the order of those responses. */
  readonly #byCode = new Map<string, GrantDraft[]>();
  /** Responses that `state` gives to no grant, by the code that they delivered. */
  readonly #unclaimed = new Map<string, SeenCallback[]>();
  readonly #byRefreshToken = new Map<string, GrantDraft>();
  /** Grants whose authorization request was not seen, by what is sent again when a token request is repeated. */
  readonly #byRepetition = new Map<string, GrantDraft>();
  readonly #byClient = new Map<string, GrantDraft[]>();

  constructor(
    authorizations: readonly SeenAuthorization[],
    private readonly exchanges: readonly TokenExchange[],
  ) {
    this.drafts = authorizations.map((authorization) => ({
      issuer: authorization.issuer,
      clientId: authorization.request.clientId,
      authorization,
      callback: null,
      token: null,
      redemptions: [],
      refreshes: [],
      resources: [...authorization.request.resources],
    }));
    for (const draft of this.drafts) {
      const { request, entries } = draft.authorization ?? { request: null, entries: [] };
      if (isSecret(request?.state ?? null)) append(this.#byState, request?.state ?? '', draft);
      if (isSecret(request?.codeChallenge ?? null)) append(this.#byChallenge, request?.codeChallenge ?? '', draft);
      for (const entry of entries) this.#byEntry.set(entry, draft);
      append(this.#byClient, clientKey(draft), draft);
      this.#endpoints.set(draft, redirectEndpoint(draft));
    }
  }

  bindCallbacks(callbacks: readonly SeenCallback[]): void {
    // Those asked for and not answered yet, by redirect endpoint; null where the request named none.
    const open = new Map<string | null, Set<GrantDraft>>();
    const waiting = [...this.drafts];
    let next = 0;
    for (const callback of callbacks) {
      for (let draft = waiting[next]; draft && beganAt(draft) <= callback.exchange.sent; draft = waiting[next]) {
        const endpoint = this.#endpoints.get(draft) ?? null;
        open.set(endpoint, (open.get(endpoint) ?? new Set()).add(draft));
        next += 1;
      }
      const draft = this.#answered(callback, open);
      if (!draft && isSecret(callback.response.code)) append(this.#unclaimed, callback.response.code, callback);
      if (!draft || draft.callback !== null) continue;
      draft.callback = callback;
      open.get(this.#endpoints.get(draft) ?? null)?.delete(draft);
      if (isSecret(callback.response.code)) append(this.#byCode, callback.response.code, draft);
    }
  }

  #answered(callback: SeenCallback, open: ReadonlyMap<string | null, ReadonlySet<GrantDraft>>): GrantDraft | null {
    const { response, exchange } = callback;
    const canBe = (draft: GrantDraft): boolean => {
      const endpoint = this.#endpoints.get(draft) ?? null;
      return beganAt(draft) <= exchange.sent && (endpoint === null || endpoint === callback.redirectEndpoint);
    };
    const sameState = isSecret(response.state) ? (this.#byState.get(response.state) ?? []) : [];
    let stated: GrantDraft | null = null;
    for (let index = firstAfter(sameState, exchange.sent, beganAt) - 1; index >= 0; index -= 1) {
      const draft = sameState[index];
      if (!draft || !canBe(draft)) continue;
      if (draft.callback === null) return draft;
      stated ??= draft;
    }
    if (stated) return stated;
    // A redirect's own request may be the authorization request itself: no login page in between.
    const own = callback.entries.map((entry) => this.#byEntry.get(entry)).find((draft) => draft !== undefined);
    if (own && canBe(own)) return own;
    const there = [open.get(callback.redirectEndpoint), open.get(null)].filter(
      (drafts) => drafts !== undefined && drafts.size > 0,
    );
    const [only] = there.length === 1 && there[0]?.size === 1 ? there[0] : [];
    return only && !this.#isOfAnother(callback, only) ? only : null;
  }

  /** The response has another `state`, and what was redeemed says that the request it answers is not in the log. */
  #isOfAnother({ response }: SeenCallback, { authorization }: GrantDraft): boolean {
    const { state, codeChallenge } = authorization?.request ?? { state: null, codeChallenge: null };
    if (!isSecret(state) || !isSecret(response.state) || !isSecret(response.code) || !isSecret(codeChallenge))
      return false;
    return this.exchanges.some(({ request }) => {
      if (!isSecret(request.code) || !isSecret(request.codeVerifier)) return false;
      return (request.code === response.code) !== (challengeMadeBy(request) === codeChallenge);
    });
  }

  bindToken(exchange: TokenExchange): void {
    const refreshes = exchange.request.grantType === 'refresh_token';
    const draft = refreshes ? this.#bindRefresh(exchange) : this.#bindCode(exchange);
    for (const resource of exchange.request.resources)
      if (!draft.resources.includes(resource)) draft.resources.push(resource);
    for (const value of [exchange.request.refreshToken, exchange.response?.refreshToken ?? null]) {
      if (isSecret(value)) this.#byRefreshToken.set(value, draft);
    }
  }

  #bindCode(exchange: TokenExchange): GrantDraft {
    const { request } = exchange;
    const challenge = isSecret(request.codeVerifier) ? challengeMadeBy(request) : null;
    const repetition = repetitionKey(exchange);
    const draft =
      this.#delivered(exchange, challenge) ??
      (challenge === null
        ? undefined
        : (this.#byChallenge.get(challenge) ?? []).findLast((known) => beganAt(known) <= exchange.exchange.sent)) ??
      this.#deliveredBefore(exchange).findLast((known) => !isRedeemedOtherwise(known, exchange)) ??
      (repetition === null ? undefined : this.#byRepetition.get(repetition));
    if (draft) {
      draft.callback ??= this.#claim(draft, exchange);
      draft.redemptions.push(exchange);
      if (draft.token === null || !isSuccess(draft.token)) draft.token = exchange;
      return draft;
    }
    const added = this.#add(exchange, exchange, []);
    if (repetition !== null) this.#byRepetition.set(repetition, added);
    return added;
  }

  /** The response that brought a code to a grant known by its verifier: the only one, though its `state` was another. */
  #claim(draft: GrantDraft, { request, exchange }: TokenExchange): SeenCallback | null {
    if (draft.authorization === null || !isSecret(request.code)) return null;
    const there = (this.#unclaimed.get(request.code) ?? []).filter(
      (callback) =>
        callback.exchange.sent >= beganAt(draft) &&
        callback.exchange.sent <= exchange.sent &&
        (this.#endpoints.get(draft) ?? callback.redirectEndpoint) === callback.redirectEndpoint,
    );
    return there.length === 1 ? (there[0] ?? null) : null;
  }

  /** The grant whose response delivered the code. Constant codes (test servers) are told apart by the verifier, then by whether they were redeemed. */
  #delivered(exchange: TokenExchange, challenge: string | null): GrantDraft | undefined {
    const { request } = exchange;
    const all = this.#deliveredBefore(exchange);
    const clientId = clientIdOf(exchange);
    const redirect = request.redirectUri === null ? null : (readPlace(request.redirectUri)?.endpoint ?? null);
    const fits = (draft: GrantDraft): boolean =>
      isSameIssuer(draft.issuer, exchange.issuer) &&
      (clientId === null || draft.clientId === null || draft.clientId === clientId) &&
      (redirect === null || draft.callback?.redirectEndpoint === redirect);
    let redeemed: GrantDraft | undefined;
    let unredeemed: GrantDraft | undefined;
    for (let index = all.length - 1; index >= 0; index -= 1) {
      const draft = all[index];
      if (!draft || !fits(draft)) continue;
      if (challenge !== null && draft.authorization?.request.codeChallenge === challenge) return draft;
      if (draft.token === null) unredeemed ??= draft;
      if (!isRedeemedOtherwise(draft, exchange)) redeemed ??= draft;
      if (unredeemed && challenge === null) break;
    }
    return unredeemed ?? redeemed;
  }

  /** Grants whose response had delivered the code by then, in the order of those responses. */
  #deliveredBefore({ request, exchange }: TokenExchange): readonly GrantDraft[] {
    const all = isSecret(request.code) ? (this.#byCode.get(request.code) ?? []) : [];
    const end = firstAfter(all, exchange.sent, ({ callback }) => callback?.exchange.sent ?? 0);
    return end === all.length ? all : all.slice(0, end);
  }

  #bindRefresh(exchange: TokenExchange): GrantDraft {
    const { refreshToken, resources } = exchange.request;
    const known = isSecret(refreshToken) ? this.#byRefreshToken.get(refreshToken) : undefined;
    const draft =
      known ??
      this.#byClient.get(clientKey({ issuer: exchange.issuer, clientId: clientIdOf(exchange) }))?.findLast(
        (candidate) =>
          beganAt(candidate) <= exchange.exchange.sent &&
          sharesResource(candidate, resources) &&
          // A value that no response in the log issued may come from a response that was not seen.
          (!isSecret(refreshToken) || mayHaveIssuedUnseen(candidate)),
      );
    if (!draft) return this.#add(exchange, null, [exchange]);
    draft.refreshes.push(exchange);
    return draft;
  }

  #add(exchange: TokenExchange, token: TokenExchange | null, refreshes: TokenExchange[]): GrantDraft {
    const draft: GrantDraft = {
      issuer: exchange.issuer,
      clientId: clientIdOf(exchange),
      authorization: null,
      callback: null,
      token,
      redemptions: token ? [token] : [],
      refreshes,
      resources: [],
    };
    this.drafts.push(draft);
    append(this.#byClient, clientKey(draft), draft);
    return draft;
  }
}

/**
 * The code was redeemed with another verifier, and a code is redeemed once (RFC 6749 section 4.1.2): this is the code
 * of another sign-in, from a server whose codes are all alike.
 */
function isRedeemedOtherwise({ token }: GrantDraft, { request }: TokenExchange): boolean {
  if (token === null || !isSuccess(token)) return false;
  const [before, now] = [token.request.codeVerifier, request.codeVerifier];
  return isSecret(before) && isSecret(now) && before !== now;
}

/** A client at its issuer, as something to look up by. */
export function clientKey({ issuer, clientId }: { readonly issuer: string; readonly clientId: string | null }): string {
  return JSON.stringify([clientId, issuerKey(issuer)]);
}

function redirectEndpoint({ authorization }: GrantDraft): string | null {
  const uri = authorization?.request.redirectUri ?? null;
  return uri === null ? null : (readPlace(uri)?.endpoint ?? uri);
}

/** What a repeated token request has in common with the first: code and verifier, or the device code (RFC 8628 section 3.4). */
function repetitionKey(exchange: TokenExchange): string | null {
  const { code, codeVerifier, params } = exchange.request;
  const device = formValue(params, 'device_code');
  if (isSecret(device)) return JSON.stringify([exchange.issuer, 'device', device]);
  return isSecret(code) && isSecret(codeVerifier) ? JSON.stringify([exchange.issuer, code, codeVerifier]) : null;
}

/** Whether a grant's token response may have held a refresh token that the log does not show. */
function mayHaveIssuedUnseen({ authorization, callback, token, refreshes }: GrantDraft): boolean {
  const last = refreshes.at(-1) ?? token;
  if (last) return last.response === null && last.exchange.response.status < 400;
  return authorization === null || isSecret(callback?.response.code ?? null);
}

function sharesResource(draft: GrantDraft, resources: readonly string[]): boolean {
  return (
    resources.length === 0 ||
    draft.resources.length === 0 ||
    resources.some((resource) => draft.resources.includes(resource))
  );
}
