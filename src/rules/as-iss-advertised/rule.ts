import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Answered, judgeResponses } from '../shared/authorization/authorization-responses.ts';
import { advertisesIss, ISS_SINCE, issuerEvidence, withoutMetadata } from '../shared/authorization/issuer-check.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9207 section 2.3: who sends `iss` says so in the metadata. */
export const rule = defineRule({
  id: 'as-iss-advertised',
  title: 'iss is sent and not advertised',
  party: 'authorization-server',
  level: 'error',
  since: ISS_SINCE,
  spec: [mcp(ISS_SINCE, 'authorization-response-validation'), rfc(9207, '2.3')],
  fix: 'Add authorization_response_iss_parameter_supported with the value true to the metadata.',
  judge: (story) => judgeResponses(story, judge),
});

function judge(answered: Answered): Judgement | null {
  const { server, callback } = answered;
  const { iss } = callback.response;
  if (iss === null) return null;
  const advertised = advertisesIss(answered);
  if (advertised === null) return withoutMetadata(answered);
  const judged = { subject: server.url, evidence: issuerEvidence(answered) };
  if (advertised) return { ...judged, kind: 'pass', message: 'The metadata promises iss, and the response has it.' };
  const message = `The authorization server sends iss=${iss}, and its metadata does not say so: no authorization_response_iss_parameter_supported${sinceWords(server, ISS_SINCE)}.`;
  return { ...judged, kind: 'fail', level: levelSince(server, ISS_SINCE, 'error'), message };
}
