import type { Token } from '../../../story/model.ts';

/** What a token holds, and whether a server said so (the token's own claim, a token response) or it follows from the request. */
export interface TokenScope {
  readonly scopes: readonly string[];
  readonly explicit: boolean;
}

/**
 * The scopes of an access token: its `scope` or `scp` claim, else what its token response says; an answer
 * without `scope` leaves what was asked for (RFC 6749 section 5.1), a refresh without it what was granted.
 * Null when none of this is in the log.
 */
export function tokenScope(token: Token | null): TokenScope | null {
  if (!token) return null;
  const said = token.jwt?.scope ?? token.scope;
  if (said) return { scopes: said, explicit: true };
  if (token.issuedBy?.response == null) return null;
  const { grant } = token;
  if (grant?.grantedExplicit) return { scopes: grant.grantedExplicit, explicit: true };
  return grant?.granted ? { scopes: grant.granted, explicit: false } : null;
}
