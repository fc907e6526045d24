import { includesAll } from '../../protocol/scope.ts';
import { eventsSince, type Refusal, refusals } from '../../story/chain-events.ts';
import { isHeeded } from '../../story/heeded.ts';
import { heldScopes } from '../../story/held-scopes.ts';
import type { Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeScopeOf, present, tokenAnswerOf, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { widened } from '../shared/recovery/widened.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 6749 section 6: a refresh cannot widen a grant, so it cannot answer insufficient_scope. */
export const rule = defineRule({
  id: 'step-up-via-refresh',
  title: '403 insufficient_scope answered by a refresh',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'step-up-authorization-flow'),
    mcp('2025-11-25', 'step-up-authorization-flow'),
    rfc(6749, '6'),
  ],
  fix: 'Answer insufficient_scope with a new authorization request, even when a refresh token is at hand.',
  *judge(story) {
    for (const refusal of refusals(story)) {
      const judgement = judge(story, refusal);
      if (judgement) yield judgement;
    }
  },
});

/** How long after the refusal a refresh still counts as its answer, milliseconds. */
const WINDOW = 120_000;

/** A token with less time than this left may be refreshed at any time, milliseconds. */
const DUE = 120_000;

function judge(story: Story, { call, chain, token, server, since }: Refusal): Judgement | null {
  if (call.status !== 403 || call.challenge?.error !== 'insufficient_scope' || !chain) return null;
  const subject = server.url;
  const [next] = eventsSince(chain, since);
  if (!next || next.at - call.exchange.answered > WINDOW) return null;
  if (next.kind === 'authorization') {
    return {
      kind: 'pass',
      subject,
      message: 'The client answered insufficient_scope with an authorization request.',
      evidence: [challengeScopeOf(call)],
    };
  }
  const { refresh, grant } = next;
  const occasion = `refresh ${refresh.exchange.entry}`;
  const expired =
    token?.expiresAt !== null && token?.expiresAt !== undefined && token.expiresAt - refresh.exchange.sent < DUE;
  if (expired || hasOther401(story, refresh.exchange.sent, call.exchange.answered)) {
    const message = 'The token was due for a refresh anyway.';
    return { kind: 'notApplicable', subject, occasion, message, evidence: [tokenRequestOf(refresh)] };
  }
  const challenged = call.challenge.scope;
  const held = heldScopes(grant, token);
  const seen = present([
    tokenRequestOf(refresh),
    challengeScopeOf(call),
    grant.token ? tokenAnswerOf(grant.token) : null,
  ]);
  if (challenged === null || held === null) {
    const missing = challenged === null ? 'challenge-scope' : 'token-response';
    const message =
      'The client refreshed after insufficient_scope; whether the grant held the needed scopes is not in the log.';
    return { kind: 'open', subject, occasion, message, evidence: seen, missing: [missing] };
  }
  if (widened(server, call, refresh)) {
    const message = 'The refresh brought the challenged scopes: the authorization server had added them.';
    return { kind: 'pass', subject, occasion, message, evidence: present([...seen, tokenAnswerOf(refresh)]) };
  }
  if (includesAll(held, challenged)) {
    const message = 'The grant held the challenged scopes, so a fresh token could help.';
    return { kind: 'pass', subject, occasion, message, evidence: seen };
  }
  const again = server.refused.find(
    (later) =>
      isHeeded(refresh.exchange, later.exchange.sent) &&
      later.status === 403 &&
      later.operation === call.operation &&
      later !== call,
  );
  const consequence = again ? ', and got the same 403 again' : '';
  return {
    kind: 'fail',
    level: again ? 'warning' : levelSince(server, '2025-11-25', 'warning'),
    subject,
    occasion,
    message: `The server asked for ${scopes(challenged)}, and the client refreshed its token, which cannot add scopes${consequence}${sinceWords(server, '2025-11-25')}.`,
    evidence: again ? [...seen, challengeScopeOf(again)] : seen,
  };
}

function hasOther401(story: Story, before: number, after: number): boolean {
  return story.servers.some((server) =>
    server.refused.some(
      (call) =>
        call.status === 401 &&
        call.credential !== null &&
        call.exchange.answered <= before &&
        call.exchange.answered >= after - 1000,
    ),
  );
}
