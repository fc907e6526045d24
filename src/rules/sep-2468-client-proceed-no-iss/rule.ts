import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Answered, judgeResponses } from '../shared/authorization/authorization-responses.ts';
import {
  advertisesIss,
  ISS_SINCE,
  issOf,
  issuerEvidence,
  withoutMetadata,
} from '../shared/authorization/issuer-check.ts';
import { sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9207 section 2.4: where nothing promises `iss`, its absence is no fault. */
export const rule = defineRule({
  id: 'sep-2468-client-proceed-no-iss',
  title: 'The client gave up for want of an iss that nobody promised',
  party: 'client',
  level: 'note',
  since: ISS_SINCE,
  spec: [mcp(ISS_SINCE, 'authorization-response-validation'), rfc(9207, '2.4')],
  fix: 'Go on without iss where the metadata does not promise it.',
  judge: (story) => judgeResponses(story, judge),
});

function judge(answered: Answered): Judgement | null {
  const { grant, server, callback, document, redeemed } = answered;
  const { iss, code, state } = callback.response;
  if (code === null || iss !== null) return null;
  if (document === null) return withoutMetadata(answered);
  if (advertisesIss(answered) === true) return null;
  const subject = server.url;
  const seen = issuerEvidence(answered);
  if (redeemed)
    return {
      kind: 'pass',
      subject,
      message: 'The response has no iss, none was promised, and the client went on.',
      evidence: seen,
    };
  // A client that rejects a wrong state is right.
  const sent = grant.authorization?.request.state ?? null;
  if (grant.authorization && sent !== state) return null;
  if (answered.leftAlone && grant.authorization) {
    return {
      kind: 'fail',
      subject,
      message: `The response has no iss, none was promised, and the client left the code alone${sinceWords(server, ISS_SINCE)}.`,
      evidence: seen,
    };
  }
  return {
    kind: 'open',
    subject,
    message: 'The response has no iss; whether the client went on is not in the log.',
    evidence: [issOf(callback)],
    missing: ['token-request'],
  };
}
