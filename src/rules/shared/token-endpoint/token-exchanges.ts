import { hidesParameters } from '../../../story/authorizations.ts';
import type { Authorization, Chain, Grant, Server, Story, TokenExchange } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { challengeMadeBy } from '../../../story/pkce.ts';

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
