import { authorizationServerMetadataUrls } from '../../protocol/metadata.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Answered, judgeResponses } from '../shared/authorization/authorization-responses.ts';
import { ISS_SINCE, issuerEvidence, matchIssuer, withoutMetadata } from '../shared/authorization/issuer-check.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9207 section 2: `iss` is identical to the issuer of the metadata. */
export const rule = defineRule({
  id: 'as-iss-value',
  title: 'iss is not the issuer of the metadata',
  party: 'authorization-server',
  level: 'error',
  since: ISS_SINCE,
  spec: [mcp(ISS_SINCE, 'authorization-response-validation'), rfc(9207, '2')],
  fix: 'Send the issuer of the metadata as iss, character by character.',
  judge: (story) => judgeResponses(story, judge),
});

function judge(answered: Answered): Judgement | null {
  const { server, callback, document } = answered;
  const { iss } = callback.response;
  if (iss === null) return null;
  if (document === null) return withoutMetadata(answered);
  const { issuer } = document.metadata;
  const judged = { subject: server.url, evidence: issuerEvidence(answered) };
  const match = matchIssuer(iss, issuer);
  if (match === 'same') return { ...judged, kind: 'pass', message: `The iss is the issuer: ${iss}.` };
  // The metadata's own issuer may be the wrong one: another rule's matter.
  if (!authorizationServerMetadataUrls(issuer).includes(document.exchange.url)) {
    return {
      ...judged,
      kind: 'notApplicable',
      message: `The metadata was not fetched from a place that belongs to its issuer ${issuer}.`,
    };
  }
  const security =
    match === 'foreign' ? '; if the authorization server did not send it, somebody is mixing up two of them' : '';
  const message = `The authorization response says iss=${iss}, and the metadata says ${issuer}${security}${sinceWords(server, ISS_SINCE)}.`;
  return { ...judged, kind: 'fail', level: levelSince(server, ISS_SINCE, 'error'), message };
}
