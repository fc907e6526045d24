import { type Form, formField } from '../../../protocol/form.ts';
import type { Range } from '../../../protocol/range.ts';
import { hidesParameters } from '../../../story/authorizations.ts';
import type { Authorization, Chain, Grant, Server, Story, TokenExchange } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { challengeMadeBy } from '../../../story/pkce.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence } from '../evidence/evidence.ts';

/** A token request of an MCP server's client, with what it belongs to. */
export interface BoundExchange {
  readonly by: TokenExchange;
  readonly grant: Grant;
  readonly chain: Chain;
  readonly server: Server;
  /** `code`: RFC 6749 section 4.1.3; `refresh`: section 6. Other grants (programs, exchanges) have rules of their own. */
  readonly kind: 'code' | 'refresh';
}

/** Code exchanges and refreshes for MCP servers, chain by chain (guard G21). */
export const tokenExchanges = oncePer((story: Story): readonly BoundExchange[] => {
  const bound: BoundExchange[] = [];
  for (const chain of story.chains) {
    const { server } = chain;
    if (!server) continue;
    for (const grant of chain.grants) {
      for (const by of grant.redemptions) {
        if (by.request.grantType === 'authorization_code') bound.push({ by, grant, chain, server, kind: 'code' });
      }
      for (const by of grant.refreshes) bound.push({ by, grant, chain, server, kind: 'refresh' });
    }
  }
  return bound;
});

/** Code exchanges alone. */
export const codeExchanges = oncePer((story: Story) => tokenExchanges(story).filter(({ kind }) => kind === 'code'));

const NO_TOKEN = new Set(['', 'undefined', 'null']);

/** Whether a value is what a program sends as its refresh token when it holds none. */
export function saysNoToken(value: string | null): value is string {
  return value !== null && NO_TOKEN.has(value);
}

/** `code exchange`, `refresh`. */
export function kindName({ kind }: BoundExchange): string {
  return kind === 'code' ? 'code exchange' : 'refresh';
}

/** Parameters whose value nobody needs to see: evidence points at their name, which survives redaction. */
const SECRETS = new Set([
  'client_assertion',
  'client_secret',
  'code',
  'code_challenge',
  'code_verifier',
  'refresh_token',
]);

/** The request's parameter of that name, at its value (a secret's at its name); the whole body where it has none. */
export function fieldOf({ exchange, request }: TokenExchange, name: string, note: string): Evidence {
  const range = request.format === 'form' ? rangeIn(exchange.request.body.text, request.params, name) : null;
  return evidence(exchange, 'request.postData', note, range);
}

/** The authorization request's parameter of that name, as in `fieldOf`; its URL where it has none. */
export function parameterOf({ exchange, request }: Authorization, name: string, note: string): Evidence {
  const range = request.requestUri === null ? rangeIn(exchange.url, request.params, name) : null;
  return evidence(exchange, 'request.url', note, range);
}

/** Where a parameter stands in the text of its form; null where it is absent, empty or has an encoded name. */
export function rangeIn(text: string, form: Form, name: string): Range | null {
  const range = formField(form, name)?.range ?? null;
  if (!range || range[0] >= range[1]) return null;
  if (!SECRETS.has(name)) return range;
  const start = range[0] - name.length - 1;
  return text.startsWith(`${name}=`, start) ? [start, start + name.length] : null;
}

/** Whether the authorization request was seen, and its parameters with it (cause C3). */
export function isReadable(authorization: Authorization | null): authorization is Authorization {
  return authorization !== null && !hidesParameters(authorization);
}

/**
 * The authorization request whose code is being redeemed, where that is beyond doubt: the response with this
 * code came back to it by `state` (or had none on either side), or the verifier makes its challenge. Null when
 * it was not seen, cannot be read, or is only the likeliest one.
 */
export function requestBehind({ authorization, callback }: Grant, by: TokenExchange): Authorization | null {
  if (!isReadable(authorization)) return null;
  const { codeChallenge, state } = authorization.request;
  const { code, codeVerifier } = by.request;
  if (codeVerifier && codeChallenge === challengeMadeBy(by.request)) return authorization;
  const delivered = callback !== null && code !== null && callback.response.code === code;
  return delivered && callback.response.state === state ? authorization : null;
}
