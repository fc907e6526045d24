import { CLOCK_TOLERANCE, isOverdue, lifetimeEnd, overdueOf } from '../../story/clock.ts';
import type { Call, Chain, Server, Token } from '../../story/model.ts';
import { firstAfter } from '../../story/order.ts';
import { usableRefreshToken } from '../../story/refresh-token-held.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { span } from '../shared/evidence/words.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type CarriedToken, carriedTokens, credentialOf } from '../shared/tokens/carried-tokens.ts';

/** RFC 6749 section 5.1: `expires_in` tells the client when to renew, before a call fails. */
export const rule = defineRule({
  id: 'expired-token-sent',
  title: 'Token sent although its lifetime is over',
  party: 'client',
  level: 'note',
  since: null,
  spec: [
    mcp('2026-07-28', 'refresh-tokens'),
    mcp('2025-03-26', 'local-clients-as-public-oauth-21-clients'),
    rfc(6749, '5.1'),
  ],
  fix: 'Remember when the token runs out, and refresh it shortly before.',
  *judge(story) {
    const chains = new Map(story.chains.map((chain) => [chain.id, chain]));
    const servers = new Map<Server, Judgement>();
    for (const carried of carriedTokens(story)) {
      const chain = chains.get(carried.token.grant?.chain ?? '') ?? null;
      const judgement = judge(carried, chain);
      if (!judgement) continue;
      // What holds for every token is said once.
      if (judgement.kind === 'fail' || judgement.kind === 'notApplicable') yield judgement;
      else if (servers.get(carried.server)?.kind !== 'open') servers.set(carried.server, judgement);
    }
    yield* servers.values();
  },
});

function judge({ token, server, calls, first }: CarriedToken, chain: Chain | null): Judgement | null {
  if (token.kind !== 'access' || !token.issuedBy || !chain) return null;
  const subject = server.url;
  const occasion = token.id;
  const issued = tokenAnswerOf(token.issuedBy);
  if (lifetimeEnd(token) === null && token.jwt?.expiresAt == null) {
    const message = 'How long the access token lives is not in the log.';
    return { kind: 'open', subject, message, evidence: [issued], missing: ['token-lifetime'] };
  }
  const call = firstOverdue(token, calls);
  if (!call) {
    const message = 'The client sent no token whose lifetime was over.';
    return { kind: 'pass', subject, message, evidence: [credentialOf(first, 'the access token')] };
  }
  const held = usableRefreshToken(chain.grants, call.exchange.sent);
  const shown = [
    evidence(call.exchange, 'timings', `sent ${ago(token, call)} after the end`),
    credentialOf(call, 'the access token'),
  ];
  if (held.state === 'no') {
    const message = 'The token had run out, and the client had no refresh token to renew it with.';
    return { kind: 'notApplicable', subject, occasion, message, evidence: [...shown, issued] };
  }
  if (held.state === 'unknown') {
    const message = 'The token had run out; whether the client held a refresh token is not in the log.';
    return { kind: 'open', subject, message, evidence: [...shown, issued], missing: ['token-response'] };
  }
  const answer = call.status === 401 ? ', and the server refused it' : '';
  const message = `The client sent a token ${ago(token, call)} after its lifetime had ended, with a refresh token in hand${answer}.`;
  return { kind: 'fail', subject, occasion, message, evidence: [...shown, issued] };
}

/** The first call that was sent too late. */
function firstOverdue(token: Token, calls: readonly Call[]): Call | undefined {
  const end = lifetimeEnd(token);
  if (end === null) return calls.find(({ exchange }) => isOverdue(token, exchange));
  return calls[firstAfter(calls, end + CLOCK_TOLERANCE, ({ exchange }) => exchange.sent)];
}

function ago(token: Token, { exchange }: Call): string {
  return span(overdueOf(token, exchange)?.since ?? 0);
}
