import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Answered, judgeResponses } from '../shared/authorization/authorization-responses.ts';
import {
  ISS_SINCE,
  issuerEvidence,
  judgeUse,
  matchIssuer,
  withoutMetadata,
} from '../shared/authorization/issuer-check.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9207 section 2.4 with RFC 3986 section 6.2.1: issuers are compared character by character. */
export const rule = defineRule({
  id: 'sep-2468-client-no-normalization',
  title: 'iss was compared after normalisation',
  party: 'client',
  level: 'error',
  since: ISS_SINCE,
  spec: [mcp(ISS_SINCE, 'authorization-response-validation'), rfc(9207, '2.4'), rfc(3986, '6.2.1')],
  fix: 'Compare iss with the issuer character by character, after form-decoding and nothing else.',
  judge: (story) => judgeResponses(story, judge),
});

function judge(answered: Answered): Judgement | null {
  const { server, callback, document } = answered;
  const { iss, code } = callback.response;
  if (iss === null || code === null) return null;
  if (document === null) return withoutMetadata(answered);
  const match = matchIssuer(iss, document.metadata.issuer);
  if (match === 'foreign') return null;
  if (match === 'same')
    return {
      kind: 'notApplicable',
      subject: server.url,
      message: 'The iss is the issuer, character by character.',
      evidence: issuerEvidence(answered),
    };
  return judgeUse(
    answered,
    `The iss ${iss} is not ${document.metadata.issuer}, character by character, only after normalisation`,
  );
}
