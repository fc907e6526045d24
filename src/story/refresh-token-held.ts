import { isHeeded } from './heeded.ts';
import type { Grant, TokenExchange } from './model.ts';
import { isDefiniteRefusal, isSuccess } from './token-answers.ts';

/** Whether a client held a refresh token (rules.md A.3.3), and the answer that shows it. */
export interface Held {
  readonly state: 'yes' | 'no' | 'unknown';
  readonly from: TokenExchange | null;
  /** The refresh token, where it is held. */
  readonly value: string | null;
}

export const NOTHING_KNOWN: Held = { state: 'unknown', from: null, value: null };

/** The token responses of grants, by the time they ended. */
export function answersOf(grants: readonly Grant[]): TokenExchange[] {
  return grants
    .flatMap(({ token, refreshes }) => (token ? [token, ...refreshes] : refreshes))
    .sort((one, other) => one.exchange.answered - other.exchange.answered);
}

/**
 * What the token responses of grants left in the client's hand by `at` (milliseconds since the epoch): a refresh token
 * stays valid when a refresh brings no new one (RFC 6749 section 6), and is lost with a definite refusal or a code
 * exchange without one. `unknown` when the last answer was not recorded.
 */
export function usableRefreshToken(grants: readonly Grant[], at: number): Held {
  let held = NOTHING_KNOWN;
  for (const answer of answersOf(grants)) if (isHeeded(answer.exchange, at)) held = after(held, answer);
  return heldAt(held, at);
}

/** What is held at a time: the answer may have said how long the refresh token lives. */
export function heldAt(held: Held, at: number): Held {
  const { state, from } = held;
  const lifetime = from?.response?.refreshExpiresIn ?? null;
  const expired =
    state === 'yes' && from && lifetime !== null && lifetime > 0 && from.exchange.answered + lifetime * 1000 <= at;
  return expired ? { ...held, state: 'no' } : held;
}

/** What is held once a token response is in. */
export function after(held: Held, from: TokenExchange): Held {
  const { response, request } = from;
  const sent = request.grantType === 'refresh_token' ? request.refreshToken : null;
  if (!isSuccess(from)) {
    const isLost = sent !== null && isDefiniteRefusal(from) && (held.value === null || held.value === sent);
    return isLost ? { state: 'no', from, value: null } : held;
  }
  if (response === null) return { state: 'unknown', from, value: null };
  if (response.refreshToken !== null) return { state: 'yes', from, value: response.refreshToken };
  if (sent === null) return { state: 'no', from, value: null };
  // The same one goes on; its lifetime, if any was given, does too.
  return held.value === sent && response.refreshExpiresIn === null ? held : { state: 'yes', from, value: sent };
}
