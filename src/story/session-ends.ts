import { isSameIssuer } from './issuers.ts';
import type { SessionEnd } from './model.ts';

/**
 * Whether a session was ended on purpose after one time and by another, milliseconds since the epoch (guard G13): with
 * an issuer, or with any where it is null. What comes then is a new beginning, and not the old session's.
 */
export function endedBetween(ends: readonly SessionEnd[], issuer: string | null, from: number, to: number): boolean {
  return ends.some((end) => (issuer === null || isSameIssuer(end.issuer, issuer)) && end.at > from && end.at <= to);
}
