import { groupBy } from '../../story/group.ts';
import type { Grant, Server, Token } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type CarriedToken, carriedTokens, credentialOf, isBlanked } from '../shared/tokens/carried-tokens.ts';

/** An ID token tells the client who signed in; an access token is what a server takes. */
export const rule = defineRule({
  id: 'id-token-as-access-token',
  title: 'ID token sent as access token',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'token-requirements'),
    mcp('2025-11-25', 'token-requirements'),
    mcp('2025-06-18', 'token-requirements'),
    mcp('2025-03-26', 'token-requirements'),
    { text: 'OpenID Connect Core 1.0 section 2', url: 'https://openid.net/specs/openid-connect-core-1_0.html#IDToken' },
    rfc(9068, '2.1'),
  ],
  fix: 'Send access_token, not id_token, of the token response.',
  *judge(story) {
    const grants = groupBy(story.grants, ({ server }) => server?.url);
    const passed = new Set<Server>();
    for (const carried of carriedTokens(story)) {
      const judgement = judge(carried, grants.get(carried.server.url) ?? [], passed);
      if (judgement) yield judgement;
    }
  },
});

function judge(carried: CarriedToken, grants: readonly Grant[], passed: Set<Server>): Judgement | null {
  const { token, server, first } = carried;
  const subject = server.url;
  const occasion = token.id;
  const shown = credentialOf(first, token.kind === 'id' ? 'the id_token' : 'the token');
  if (token.kind === 'id') {
    const message =
      'The client sent the id_token of the token response to the MCP server in place of the access_token.';
    const seen = token.issuedBy ? [shown, tokenAnswerOf(token.issuedBy)] : [shown];
    return { kind: 'fail', subject, occasion, message, evidence: seen };
  }
  if (token.kind !== 'access' || isBlanked(token.value)) return null;
  // The authorization server itself called it an access token.
  if (token.issuedBy) return withIdToken(token) && !passed.has(server) ? pass(server, carried, passed) : null;
  if (looksLikeIdToken(token, grants)) {
    const message = 'The token that the client sent is an ID token by its claims: it is made out to the client itself.';
    return { kind: 'fail', subject, occasion, message, evidence: [shown] };
  }
  const lost = token.jwt === null ? grants.find(hidesAnswer) : undefined;
  if (!lost?.token) return null;
  return {
    kind: 'open',
    subject,
    occasion,
    message: 'The client signed in with OpenID Connect, and which of its tokens it sends is not in the log.',
    evidence: [shown, tokenAnswerOf(lost.token)],
    missing: ['token-response'],
  };
}

function pass(server: Server, { first }: CarriedToken, passed: Set<Server>): Judgement {
  passed.add(server);
  const message = 'Of its two tokens the client sends the access token.';
  return { kind: 'pass', subject: server.url, message, evidence: [credentialOf(first, 'the access token')] };
}

function withIdToken({ issuedBy }: Token): boolean {
  return issuedBy?.response?.idToken != null;
}

/**
 * OpenID Connect Core section 2: made out to the client, with a member that only ID tokens have. Some
 * servers put `nonce` into access tokens; those say what they are in `typ`, or whom they are for in `scope`.
 */
function looksLikeIdToken({ jwt }: Token, grants: readonly Grant[]): boolean {
  if (!jwt || jwt.scope !== null || jwt.audience.length !== 1) return false;
  const kind = [jwt.type, jwt.claims.typ].flatMap((value) => (typeof value === 'string' ? [value.toLowerCase()] : []));
  if (kind.some((value) => value.includes('at+jwt') || value === 'bearer')) return false;
  const marked = ['nonce', 'at_hash', 'c_hash'].some((name) => Object.hasOwn(jwt.claims, name));
  const [audience] = jwt.audience;
  return marked && (audience === jwt.clientId || grants.some(({ clientId }) => clientId === audience));
}

/** The token response was not recorded, and an ID token was asked for. */
function hidesAnswer({ token, requested }: Grant): boolean {
  return token !== null && token.response === null && (requested?.includes('openid') ?? false);
}
