import { equalScopes, intersect, minus } from '../../protocol/scope.ts';
import type { Story } from '../../story/model.ts';
import { isSuccess } from '../../story/token-answers.ts';
import type { Missing } from '../missing.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { present, scopeOf, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { memberOf } from '../shared/token-endpoint/token-answers.ts';
import { type BoundExchange, codeExchanges, requestBehind } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 6749 section 5.1: a token response names its scopes when they are not the ones that were asked for. */
export const rule = defineRule({
  id: 'token-response-scope-reported',
  title: 'Granted scopes differ, and the answer does not say so',
  party: 'authorization-server',
  level: 'error',
  since: null,
  spec: [rfc(6749, '5.1'), mcp('2026-07-28', 'overview'), mcp('2025-11-25', 'overview')],
  fix: 'Return scope in the token response whenever it differs from what was requested.',
  *judge(story) {
    const claims = claimedScopes(story);
    for (const bound of codeExchanges(story)) {
      const judgement = judge(bound, claims);
      if (judgement) yield judgement;
    }
  },
});

/** Scopes about the user and the session, which access tokens commonly leave out. */
const RESERVED = ['openid', 'profile', 'email', 'offline_access'] as const;

/** What each access token that is a JWT says of its own scopes, by its value. */
function claimedScopes(story: Story): ReadonlyMap<string, readonly string[]> {
  return new Map(
    story.tokens.flatMap(({ kind, value, jwt }) =>
      kind === 'access' && jwt?.scope ? [[value, jwt.scope] as const] : [],
    ),
  );
}

function judge({ by, grant, server }: BoundExchange, claims: ReadonlyMap<string, readonly string[]>): Judgement | null {
  const { response } = by;
  const subject = server.url;
  if (!isSuccess(by)) return null;
  const answer = tokenAnswerOf(by);
  const open = (message: string, missing: Missing): Judgement => ({
    kind: 'open',
    subject,
    message,
    evidence: [answer],
    missing: [missing],
  });
  if (!response) return open('The recording does not hold the token response.', 'token-response');
  if (response.scopeGiven) {
    return {
      kind: 'pass',
      subject,
      message: 'The token response names the granted scopes.',
      evidence: [memberOf(by, 'scope', `scope="${response.scope?.join(' ') ?? ''}"`)],
    };
  }
  const claimed = claims.get(response.accessToken ?? '');
  if (!claimed) return open('The token response names no scope, and the token cannot be read.', 'token-scope');
  const authorization = requestBehind(grant, by);
  if (!authorization)
    return open(
      'The token response names no scope, and the authorization request was not recorded.',
      'authorization-request',
    );
  const held = minus(claimed, RESERVED);
  const seen = present([answer, scopeOf(authorization)]);
  if (authorization.request.scope === null) {
    if (held.length === 0) return null;
    const message = `The client asked for no scope and got ${scopes(held)}, as its token says; the token response does not say so.`;
    return { kind: 'fail', level: 'note', subject, message, evidence: seen };
  }
  const asked = minus(authorization.request.scope, RESERVED);
  if (equalScopes(held, asked))
    return {
      kind: 'pass',
      subject,
      message: 'The token holds the requested scopes, so the answer need not name them.',
      evidence: seen,
    };
  // Nothing in common: the token names its scopes in another way (short names, roles).
  if (intersect(held, asked).length === 0)
    return open('The token names its scopes otherwise than the request.', 'token-scope');
  const message = `The client asked for ${scopes(asked)} and got ${scopes(held)}, as its token says; the token response does not say so.`;
  return { kind: 'fail', subject, message, evidence: seen };
}
