import { type Exchange, header } from '../exchange/exchange.ts';
import type { Token } from './model.ts';

/** By one clock, and between clocks that are kept: a server's `Date` against its issuer's `exp`; milliseconds (guard G8). */
export const CLOCK_TOLERANCE = 60_000;
/** Between the recorder's clock, which may be wrong, and the issuer's; milliseconds (guard G8). */
export const STRANGE_CLOCK_TOLERANCE = 300_000;

/** When a response was made: its `Date`, which is the server's own clock; null when it has none. Milliseconds since the epoch. */
export function dateOf({ response }: Exchange): number | null {
  const date = header(response.headers, 'date');
  const time = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? null : time;
}

/** When the lifetime that a token response gave ends, by the recorder's clock; null when it gave none. */
export function lifetimeEnd({ issuedBy }: Token): number | null {
  const seconds = issuedBy?.response?.expiresIn ?? null;
  // Some say 0 of a token that never ends.
  return issuedBy && seconds !== null && seconds > 0 ? issuedBy.exchange.answered + seconds * 1000 : null;
}

/**
 * The end of a token that its `exp` gives, by the recorder's clock where the log says how long it lives: the token
 * response's `expires_in`, or `exp` less `iat` from that response on. Such a clock may be wrong, an interval is not.
 */
export function claimedEnd(token: Token, expiresAt: number): number {
  const { issuedBy, jwt } = token;
  const { issuedAt = null, expiresAt: claimed = null } = jwt ?? {};
  const ofClaims =
    issuedBy && issuedAt !== null && claimed !== null ? issuedBy.exchange.answered + claimed - issuedAt : 0;
  return Math.max(expiresAt, lifetimeEnd(token) ?? 0, ofClaims);
}

/** A request held against the end of its token, both by the clock that fits best. Milliseconds. */
export interface Overdue {
  /** How long after the end it was sent; negative before. */
  readonly since: number;
  /** How much of that the clocks may explain. */
  readonly tolerance: number;
}

/**
 * How long a token had run out when a request was sent (guard G8): `expires_in` by the recorder's clock alone, `exp` by the
 * server's own `Date`, else by the recorder's clock. Null when nothing says when it ends.
 */
export function overdueOf(token: Token, exchange: Exchange): Overdue | null {
  const end = lifetimeEnd(token);
  if (end !== null) return { since: exchange.sent - end, tolerance: CLOCK_TOLERANCE };
  const claimed = token.jwt?.expiresAt ?? null;
  if (claimed === null) return null;
  const date = dateOf(exchange);
  return date === null
    ? { since: exchange.sent - claimed, tolerance: STRANGE_CLOCK_TOLERANCE }
    : { since: date - claimed, tolerance: CLOCK_TOLERANCE };
}

/** Whether a request was sent with a token that had run out beyond doubt. */
export function isOverdue(token: Token, exchange: Exchange): boolean {
  const overdue = overdueOf(token, exchange);
  return overdue !== null && overdue.since > overdue.tolerance;
}
