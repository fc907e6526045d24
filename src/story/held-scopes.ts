import { union } from '../protocol/scope.ts';
import type { Grant, Token, TokenExchange } from './model.ts';

/** The scopes that a code exchange granted: its answer's, without any there those that were asked for (guard G11); null when unknown. */
export function grantedScopes(
  token: TokenExchange | null,
  requested: readonly string[] | null,
): readonly string[] | null {
  return token?.response?.accessToken == null ? null : (token.response.scope ?? requested);
}

/**
 * The scopes that a client holds by a grant: what the code exchange granted, else what the token itself claims. A refresh
 * narrows the token, and not the grant (guard G12); what it adds is held too. Null when unknown.
 */
export function heldScopes(grant: Grant | null, token: Token | null): readonly string[] | null {
  const granted = grant?.granted ?? null;
  if (granted === null) return token?.jwt?.scope ?? null;
  const refreshed =
    token?.issuedBy?.request.grantType === 'refresh_token' ? (token.issuedBy.response?.scope ?? []) : [];
  return union(granted, refreshed);
}
