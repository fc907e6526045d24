import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Answered, judgeResponses } from '../shared/authorization/authorization-responses.ts';
import {
  advertisesIss,
  ISS_SINCE,
  issuerEvidence,
  judgeUse,
  withoutMetadata,
} from '../shared/authorization/issuer-check.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9207 section 2.4: a response without the promised `iss` is rejected. */
export const rule = defineRule({
  id: 'sep-2468-client-reject-missing-iss',
  title: 'A response without the promised iss was used',
  party: 'client',
  level: 'error',
  since: ISS_SINCE,
  spec: [mcp(ISS_SINCE, 'authorization-response-validation'), rfc(9207, '2.4')],
  fix: 'Reject an authorization response without iss when the metadata promises it.',
  judge: (story) => judgeResponses(story, judge),
});

function judge(answered: Answered): Judgement | null {
  const { server, callback, document } = answered;
  const { iss, code } = callback.response;
  if (code === null) return null;
  if (iss !== null)
    return advertisesIss(answered) === true
      ? {
          kind: 'notApplicable',
          subject: server.url,
          message: 'The response has the promised iss.',
          evidence: issuerEvidence(answered),
        }
      : null;
  if (document === null) return withoutMetadata(answered);
  if (advertisesIss(answered) === false) return null;
  return judgeUse(
    answered,
    `${document.metadata.issuer} promises iss in every authorization response, and this one has none`,
  );
}
