import { booleanMember } from '../../protocol/json.ts';
import { claimedEnd, dateOf, STRANGE_CLOCK_TOLERANCE } from '../../story/clock.ts';
import { names } from '../../story/issuer-documents.ts';
import { isProtected } from '../../story/lazy-authorization.ts';
import type { Call, Server, Token } from '../../story/model.ts';
import { isOAuthServer } from '../../story/oauth-servers.ts';
import { firstAfter } from '../../story/order.ts';
import { lacksBody } from '../../story/recorded.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { span } from '../shared/evidence/words.ts';
import { mcp, oauth21 } from '../shared/spec/links.ts';
import { carriedTokens } from '../shared/tokens/carried-tokens.ts';

/** A server that takes expired tokens takes stolen ones for ever. */
export const rule = defineRule({
  id: 'expired-token-rejected-401',
  title: 'An expired token was accepted',
  party: 'server',
  level: 'error',
  since: '2025-03-26',
  spec: [mcp('2026-07-28', 'token-handling'), oauth21('5.2')],
  fix: 'Check exp of every token on every request, and answer 401 invalid_token once it has passed.',
  *judge(story) {
    for (const { token, server, calls } of carriedTokens(story)) {
      const { expiresAt } = token;
      if (token.kind !== 'access' || expiresAt === null || !isOAuthServer(story, server)) continue;
      for (const call of calls.slice(
        firstAfter(calls, expiresAt + STRANGE_CLOCK_TOLERANCE, ({ exchange }) => exchange.sent),
      )) {
        const judgement = judge(server, call, token, expiresAt);
        if (judgement) yield { ...judgement, occasion: token.id };
      }
    }
  },
});

function judge(server: Server, call: Call, token: Token, expiresAt: number): Judgement | null {
  const { exchange, status } = call;
  const subject = server.url;
  const date = dateOf(exchange);
  const now = date ?? exchange.sent;
  const end = date === null ? claimedEnd(token, expiresAt) : expiresAt;
  if (now <= end + STRANGE_CLOCK_TOLERANCE || exchange.fromCache) return null;
  const ago = span(now - end);
  const seen: Evidence[] = [evidence(exchange, 'response.status', `${status}, ${token.id} expired ${ago} before`)];
  if (token.issuedBy) seen.push(tokenAnswerOf(token.issuedBy));
  if (status === 401) return { kind: 'pass', subject, message: 'The expired token was answered 401.', evidence: seen };
  if (status < 200 || status >= 300 || exchange.envelope || !isProtected(server, call)) return null;
  // Another issuer's token is another rule's matter.
  const issuer = token.jwt?.issuer ?? null;
  if (issuer !== null && server.issuers.length > 0 && !names(server, issuer)) return null;
  if (token.jwt?.expiresAt == null) {
    const message = `The lifetime that the token response gave ended ${ago} before the call, and the server accepted the token; it is opaque, so only its issuer knows whether it was still good.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['token-lifetime'] };
  }
  if (!isCarriedOut(call)) {
    if (!lacksBody(exchange)) return null;
    const message = `The server answered ${status} to a token that expired ${ago} before; the recording does not hold the answer.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['response-body'] };
  }
  const message = `The server carried out ${operationName(call)} with a token that had expired ${ago} before.`;
  return { kind: 'fail', subject, message, evidence: seen };
}

/** A result that is no failure: a refusal inside a result is another rule's matter. */
function isCarriedOut({ responses }: Call): boolean {
  return responses.some(({ kind, result }) => kind === 'result' && booleanMember(result ?? {}, 'isError') !== true);
}
