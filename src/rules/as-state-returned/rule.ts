import { hidesParameters } from '../../story/authorizations.ts';
import { challengeMadeBy } from '../../story/pkce.ts';
import { isSecret } from '../../story/token-book.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import {
  type Answered,
  isAnswerTo,
  judgeResponses,
  responseParameter,
} from '../shared/authorization/authorization-responses.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';

/** RFC 6749 section 4.1.2: `state` is REQUIRED in the response, with the exact value of the request. */
export const rule = defineRule({
  id: 'as-state-returned',
  title: 'The authorization server changed or dropped the state',
  party: 'authorization-server',
  level: 'error',
  since: '2025-03-26',
  spec: [rfc(6749, '4.1.2'), mcp('2026-07-28', 'overview'), oauth21('4.1.2')],
  fix: 'Return the state of the request unchanged, in answers with a code and with an error.',
  judge: (story) => judgeResponses(story, judge),
});

function judge({ grant, server, callback, redeemed }: Answered): Judgement | null {
  const { authorization } = grant;
  const subject = server.url;
  if (!authorization || hidesParameters(authorization)) {
    const message = 'The authorization request was not recorded, so its state is unknown.';
    return {
      kind: 'open',
      subject,
      message,
      evidence: [responseParameter(callback, 'state', 'state')],
      missing: ['authorization-request'],
    };
  }
  const { state } = authorization.request;
  const returned = callback.response.state;
  if (!state) return null;
  const seen = [
    responseParameter(callback, 'state', returned === null ? 'no state' : 'state'),
    parameterOf(authorization, 'state', 'the state that was sent'),
  ];
  if (!isSecret(state) || (returned !== null && !isSecret(returned))) {
    return {
      kind: 'open',
      subject,
      message: 'The recording does not hold the value of state.',
      evidence: seen,
      missing: ['state'],
    };
  }
  if (returned === state)
    return {
      kind: 'pass',
      subject,
      message: 'The authorization server returned the state as it was.',
      evidence: [evidence(callback.exchange, callback.part, 'state')],
    };
  const verified = redeemed && isSecret(redeemed.request.codeVerifier) ? challengeMadeBy(redeemed.request) : null;
  if (!isAnswerTo(authorization, callback, verified)) {
    const message =
      'The response has not the state of the request before it; whether it answers that request is not in the log.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['token-request'] };
  }
  const how = returned === null ? 'answered without the state' : 'answered with another state than the one';
  return {
    kind: 'fail',
    subject,
    message: `The authorization server ${how} that the client had sent.`,
    evidence: seen,
  };
}
