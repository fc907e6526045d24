import { bearerChallenge } from '../../protocol/challenge.ts';
import { challengeText } from '../../story/answers.ts';
import { isChallenged } from '../../story/lazy-authorization.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { presented, presentsEmpty, presentsTwice, showsTokens } from '../../story/presented.ts';
import { those, walked } from '../../story/walk.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** A malformed request for access is a 400. */
export const rule = defineRule({
  id: 'malformed-auth-request-400',
  title: 'A malformed authorization header is not answered with 400',
  party: 'server',
  level: 'error',
  since: '2025-03-26',
  spec: [mcp('2026-07-28', 'error-handling'), rfc(6750, '3.1')],
  fix: 'Answer 400 with error="invalid_request" when the Authorization header is malformed or a token is sent twice.',
  *judge(story) {
    for (const server of story.servers) {
      for (const call of walked(server, candidates)) {
        const judgement = judge(story, server, call);
        if (judgement) yield { ...judgement, occasion: `${call.status} ${operationName(call)}` };
      }
    }
  },
});

/** Calls that present a token in no way or in two, and those that were challenged for what they present. */
const candidates = those(
  (call) => presentsEmpty(call) || presentsTwice(call) || (call.status >= 400 && challengeText(call.exchange) !== null),
);

function judge(story: Story, server: Server, call: Call): Judgement | null {
  const { exchange, status } = call;
  const subject = server.url;
  const empty = presentsEmpty(call);
  const twice = presentsTwice(call);
  const text = status >= 400 ? challengeText(exchange) : null;
  const challenge = text === null ? null : (call.challenge ?? bearerChallenge(text));
  const shown = evidence(exchange, 'response.status', String(status));
  if (challenge?.error === 'invalid_request') {
    const named = evidence(
      exchange,
      'response.headers.www-authenticate',
      'error="invalid_request"',
      challenge.errorRange,
    );
    if (status === 400)
      return { kind: 'pass', subject, message: 'The malformed request was answered 400.', evidence: [named] };
    // Without any token a 401 is right, and the error code is another rule's matter.
    if (status === 401 && presented(story, call) !== 'token') return null;
    const message = `The server answered ${operationName(call)} with ${status} and invalid_request; a malformed request is a 400.`;
    return { kind: 'fail', subject, message, evidence: [shown, named] };
  }
  if (!empty && !twice) return null;
  const what = twice ? 'a token both in its header and in its URL' : 'an Authorization header without a token';
  const sent = evidence(
    exchange,
    twice ? 'request.url' : 'request.headers.authorization',
    twice ? 'access_token' : 'no token',
  );
  if (status === 400)
    return { kind: 'pass', subject, message: `The request with ${what} was answered 400.`, evidence: [shown, sent] };
  const accepted = status >= 200 && status < 300 && isChallenged(server, call);
  if (status < 500 && !accepted) return null;
  // Where no request shows a token, a recorder took them all away and left the scheme.
  if (empty && !showsTokens(story)) {
    const message = 'The recording holds Authorization headers without a token: they may have been taken away.';
    return { kind: 'open', subject, message, evidence: [shown, sent], missing: ['authorization-header'] };
  }
  const message = `The server answered ${status} to ${operationName(call)} with ${what}; a malformed request is a 400.`;
  return { kind: 'fail', level: 'warning', subject, message, evidence: [shown, sent] };
}
