import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Answered, judgeResponses } from '../shared/authorization/authorization-responses.ts';
import { advertisesIss, ISS_SINCE, issOf, issuerOf } from '../shared/authorization/issuer-check.ts';
import { present } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9207 section 2: `iss` in every authorization response, errors too; a MUST for who promises it. */
export const rule = defineRule({
  id: 'as-iss-included',
  title: 'The authorization response has no iss',
  party: 'authorization-server',
  level: 'warning',
  since: ISS_SINCE,
  spec: [mcp(ISS_SINCE, 'authorization-response-validation'), rfc(9207, '2')],
  fix: 'Add iss with the issuer to every authorization response, and authorization_response_iss_parameter_supported to the metadata.',
  judge: (story) => judgeResponses(story, judge),
});

function judge(answered: Answered): Judgement | null {
  const { server, callback } = answered;
  const { iss, code, error } = callback.response;
  if (code === null && error === null) return null;
  const promised = advertisesIss(answered) === true;
  const subject = server.url;
  const seen = present([issOf(callback), promised ? issuerOf(answered) : null]);
  if (iss !== null)
    return { kind: 'pass', subject, message: `The authorization response names its issuer: ${iss}.`, evidence: seen };
  const message = promised
    ? 'The authorization server promises iss in every authorization response, and this one has none'
    : 'The authorization response has no iss, so the client cannot tell which authorization server it came from';
  return {
    kind: 'fail',
    level: levelSince(server, ISS_SINCE, promised ? 'error' : 'warning'),
    subject,
    message: `${message}${sinceWords(server, ISS_SINCE)}.`,
    evidence: seen,
  };
}
