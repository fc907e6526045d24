import { formValue } from '../../protocol/form.ts';
import { hidesParameters } from '../../story/authorizations.ts';
import type { Authorization, Callback, Grant } from '../../story/model.ts';
import { challengeMadeBy } from '../../story/pkce.ts';
import { isSecret } from '../../story/token-book.ts';
import type { Missing } from '../missing.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { responseParameter } from '../shared/authorization/authorization-responses.ts';
import { evidence, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

const SINCE = '2025-06-18';

/** A response whose `state` is not the request's is to be discarded (RFC 6749 section 10.12); the verifier tells which request it was taken for. */
export const rule = defineRule({
  id: 'state-verified',
  title: 'A response with the wrong state was used',
  party: 'client',
  level: 'warning',
  since: SINCE,
  spec: [
    mcp('2026-07-28', 'open-redirection', 'security-considerations'),
    mcp(SINCE, 'open-redirection'),
    rfc(6749, '10.12'),
  ],
  fix: 'Compare the state of the response with the one that was sent, and discard the response when they differ.',
  *judge(story) {
    const byChallenge = new Map<string, Authorization>();
    for (const { authorization } of story.grants) {
      const challenge = authorization?.request.codeChallenge ?? null;
      if (authorization && isSecret(challenge)) byChallenge.set(challenge, authorization);
    }
    for (const grant of story.grants) {
      const judgement = judge(grant, byChallenge);
      if (judgement) yield judgement;
    }
  },
});

function judge(
  { server, callback, token, authorization: own }: Grant,
  byChallenge: ReadonlyMap<string, Authorization>,
): Judgement | null {
  if (!server || token?.request.grantType !== 'authorization_code') return null;
  const subject = server.url;
  const challenge = isSecret(token.request.codeVerifier) ? challengeMadeBy(token.request) : null;
  const authorization = byChallenge.get(challenge ?? '') ?? null;
  const open = (message: string, missing: Missing): Judgement => ({
    kind: 'open',
    subject,
    message,
    evidence: [tokenRequestOf(token)],
    missing: [missing],
  });
  if (!callback) return open('The authorization response was not recorded.', 'authorization-response');
  if (!authorization && !own) return open('The authorization request was not recorded.', 'authorization-request');
  const pass = (): Judgement => ({
    kind: 'pass',
    subject,
    message: 'The response that was used has the state of its request.',
    evidence: [evidence(callback.exchange, callback.part, 'state'), tokenRequestOf(token)],
  });
  if (!authorization && own && isSecret(own.request.state) && own.request.state === callback.response.state)
    return pass();
  if (!authorization)
    return open('The code verifier does not tell which authorization request the code was taken for.', 'code-verifier');
  const { state } = authorization.request;
  if (hidesParameters(authorization) || state === null || formValue(callback.response.params, 'response') !== null)
    return null;
  const returned = callback.response.state;
  if (!isSecret(state) || (returned !== null && !isSecret(returned)))
    return open('The recording does not hold the value of state.', 'state');
  const seen = [
    stateOf(callback),
    tokenRequestOf(token),
    parameterOf(authorization, 'state', 'the state that was sent'),
  ];
  // Two sign-ins of one client under way: the response is to one of them, and the verifier the other's (PKCE's own rule).
  if (returned === state || (own && isSecret(returned) && own.request.state === returned)) return pass();
  const how = returned === null ? 'without the state' : 'with another state than the one';
  const message = `The client redeemed the code of a response ${how} that it had sent${sinceWords(server, SINCE)}.`;
  return { kind: 'fail', level: levelSince(server, SINCE, 'warning'), subject, message, evidence: seen };
}

function stateOf(callback: Callback) {
  return responseParameter(callback, 'state', callback.response.state === null ? 'no state' : 'state');
}
