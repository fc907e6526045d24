import { formValue } from '../../protocol/form.ts';
import type { Story, StrayTokenRequest } from '../../story/model.ts';
import { isWhole } from '../../story/recorded.ts';
import { isSuccess } from '../../story/token-answers.ts';
import type { Missing } from '../missing.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { fieldOf, rangeIn } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { mayHideAuthentication, methodsOf } from '../shared/token-endpoint/client-authentication.ts';
import { type BoundExchange, kindName, tokenExchanges } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 6749 sections 4.1.3 and 6: what a token request must hold. */
export const rule = defineRule({
  id: 'token-request',
  title: 'Token request lacks a required parameter',
  party: 'client',
  level: 'error',
  since: null,
  spec: [rfc(6749, '4.1.3'), rfc(6749, '6'), mcp('2026-07-28', 'overview'), mcp('2025-11-25', 'overview')],
  fix: 'Send grant_type, the code or the refresh token, and client_id unless the client authenticates.',
  *judge(story) {
    for (const bound of tokenExchanges(story)) yield judge(story, bound);
    for (const stray of story.strayTokenRequests) {
      const judgement = judgeStray(stray);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, bound: BoundExchange): Judgement {
  const { by, server, kind } = bound;
  const subject = server.url;
  const needed = kind === 'code' ? 'code' : 'refresh_token';
  // An empty or made-up refresh token is the matter of sep-2207-no-assume-refresh-token.
  const lacksGrant = kind === 'code' ? !by.request.code : by.request.refreshToken === null;
  const open = (what: string, missing: Missing): Judgement => ({
    kind: 'open',
    subject,
    message: `The recording of the ${kindName(bound)} ${what}.`,
    evidence: [fieldOf(by, needed, `grant_type=${by.request.grantType ?? ''}`)],
    missing: [missing],
  });
  const fail = (lacking: string): Judgement => ({
    kind: 'fail',
    subject,
    message: `The ${kindName(bound)} has no ${lacking}${by.response?.error ? `; the authorization server answered ${by.response.error}` : ''}.`,
    evidence: [fieldOf(by, lacking, `no ${lacking}`)],
  });
  if (lacksGrant)
    return isWhole(by) && !isSuccess(by) ? fail(needed) : open(`does not hold its ${needed}`, 'request-body');
  const lacksClient = !by.request.clientId && methodsOf(by).length === 0;
  if (lacksClient) {
    if (!isWhole(by)) return open('is cut off', 'request-body');
    if (mayHideAuthentication(story, bound) || by.exchange.envelope !== null)
      return open('does not show how the client names itself', 'authorization-header');
    return fail('client_id');
  }
  const message = `The ${kindName(bound)} has what it needs.`;
  return {
    kind: 'pass',
    subject,
    message,
    evidence: [fieldOf(by, 'grant_type', `grant_type=${by.request.grantType ?? ''}`)],
  };
}

/** A request that asks for a token and does not say by which grant. */
function judgeStray({ exchange, server, params, part }: StrayTokenRequest): Judgement | null {
  if (!server || params.fields.length === 0 || exchange.method !== 'POST' || formValue(params, 'grant_type') !== null)
    return null;
  const known = ['code', 'refresh_token', 'code_verifier'].find((name) => formValue(params, name) !== null) ?? '';
  const text = part === 'request.url' ? exchange.url : exchange.request.body.text;
  const shown = evidence(exchange, part, `${known} without grant_type`, rangeIn(text, params, known));
  return {
    kind: 'fail',
    subject: server.url,
    message: `A request to the token endpoint has ${known} and no grant_type.`,
    evidence: [shown],
  };
}
