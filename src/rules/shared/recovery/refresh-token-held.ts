import { isHeeded } from '../../../story/heeded.ts';
import type { Chain, TokenExchange } from '../../../story/model.ts';
import { isDefiniteRefusal, isSuccess } from '../../../story/token-answers.ts';

/** Whether a chain held a refresh token at a time, and the answer that shows it. */
export interface Held {
  readonly state: 'yes' | 'no' | 'unknown';
  readonly from: TokenExchange | null;
}

/**
 * What the token responses of a chain before `at` (milliseconds since the epoch) left in the client's hand:
 * a refresh token stays valid when a refresh brings no new one (RFC 6749 section 6), and is lost with a
 * definite refusal or a code exchange without one. `unknown` when the last answer was not recorded.
 */
export function usableRefreshToken(chain: Chain, at: number): Held {
  const exchanges = chain.grants
    .flatMap(({ token, refreshes }) => (token ? [token, ...refreshes] : refreshes))
    .filter(({ exchange }) => isHeeded(exchange, at))
    .sort((one, other) => one.exchange.answered - other.exchange.answered);
  let held: Held = NOTHING_KNOWN;
  for (const exchange of exchanges) held = after(held, exchange);
  return heldAt(held, at);
}

export const NOTHING_KNOWN: Held = { state: 'unknown', from: null };

/** What is held at a time: the answer may have said how long the refresh token lives. */
export function heldAt(held: Held, at: number): Held {
  const lifetime = held.from?.response?.refreshExpiresIn ?? null;
  const expired =
    held.state === 'yes' &&
    held.from !== null &&
    lifetime !== null &&
    lifetime > 0 &&
    held.from.exchange.answered + lifetime * 1000 <= at;
  return expired ? { ...held, state: 'no' } : held;
}

/** What is held once a token response is in. */
export function after(held: Held, exchange: TokenExchange): Held {
  const refreshed = exchange.request.grantType === 'refresh_token';
  if (!isSuccess(exchange)) return refreshed && isDefiniteRefusal(exchange) ? { state: 'no', from: exchange } : held;
  if (exchange.response === null) return { state: 'unknown', from: exchange };
  if (exchange.response.refreshToken !== null) return { state: 'yes', from: exchange };
  return refreshed ? held : { state: 'no', from: exchange };
}
