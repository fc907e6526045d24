import { formValue, parseForm } from '../protocol/form.ts';
import type { GrantDraft } from './grants.ts';
import { type Issuers, isSameIssuer } from './issuers.ts';
import type { SessionEnd } from './model.ts';
import { bySent } from './order.ts';
import type { Reading } from './reading.ts';

/**
 * Where a session was ended on purpose: a token was revoked (RFC 7009), or the user was logged out (OpenID Connect
 * RP-Initiated Logout). A revoked token ends what it was used for, and no session with another MCP server.
 *
 * @param serverOf the MCP server that an access token was sent to first
 */
export function readSessionEnds(
  revocations: readonly Reading[],
  logouts: readonly Reading[],
  issuers: Issuers,
  drafts: readonly GrantDraft[],
  serverOf: (token: string) => string | null,
): SessionEnd[] {
  const access = revocations.length === 0 ? new Map<string, string>() : accessTokens(drafts);
  const ended = new Map(
    revocations.map((revocation) => {
      const token = formValue(parseForm(revocation.exchange.request.body.text), 'token') ?? '';
      return [revocation, serverOf(token) ?? serverOf(access.get(token) ?? '')];
    }),
  );
  return [...revocations, ...logouts].sort(bySent).flatMap((reading): SessionEnd[] => {
    const { exchange, target } = reading;
    const { status } = exchange.response;
    if (status < 200 || status >= 400) return [];
    const issuer = issuers.endpoints.get(target.endpoint)?.[0]?.issuer ?? target.endpoint;
    return [{ issuer, server: ended.get(reading) ?? null, at: exchange.sent }];
  });
}

/** An access token for each refresh token that was issued with it. */
function accessTokens(drafts: readonly GrantDraft[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { token, refreshes } of drafts) {
    for (const answer of [token, ...refreshes]) {
      const { accessToken = null, refreshToken = null } = answer?.response ?? {};
      if (accessToken !== null && refreshToken !== null) found.set(refreshToken, accessToken);
    }
  }
  return found;
}

/**
 * Whether a session was ended on purpose after one time and by another, milliseconds since the epoch (guard G13): with
 * an issuer, or with any where it is null, and for an MCP server, or for any. What comes then is a new beginning, and
 * not the old session's.
 */
export function endedBetween(
  ends: readonly SessionEnd[],
  { issuer, server }: { readonly issuer: string | null; readonly server: string | null },
  from: number,
  to: number,
): boolean {
  return ends.some(
    (end) =>
      (issuer === null || isSameIssuer(end.issuer, issuer)) &&
      (server === null || end.server === null || end.server === server) &&
      end.at > from &&
      end.at <= to,
  );
}
