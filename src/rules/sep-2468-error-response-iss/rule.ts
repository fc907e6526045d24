import type { Sighting, Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Answered, judgeResponses } from '../shared/authorization/authorization-responses.ts';
import { ISS_SINCE, issOf, issuerOf, matchIssuer, withoutMetadata } from '../shared/authorization/issuer-check.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9207 section 2.4: an error from another issuer is nobody's answer, neither acted upon nor shown. */
export const rule = defineRule({
  id: 'sep-2468-error-response-iss',
  title: 'An error response from another issuer was acted upon',
  party: 'client',
  level: 'error',
  since: ISS_SINCE,
  spec: [mcp(ISS_SINCE, 'authorization-response-validation'), rfc(9207, '2.4')],
  fix: 'Check iss before reading error, error_description or error_uri, and drop the response when it is not the issuer.',
  judge: (story) => judgeResponses(story, (answered) => judge(story, answered)),
});

function judge(story: Story, answered: Answered): Judgement | null {
  const { server, callback, document } = answered;
  const { iss, error } = callback.response;
  if (error === null || iss === null) return null;
  if (document === null) return withoutMetadata(answered);
  const { issuer } = document.metadata;
  const subject = server.url;
  const seen = present([issOf(callback), issuerOf(answered)]);
  if (matchIssuer(iss, issuer) === 'same')
    return { kind: 'pass', subject, message: `The error response comes from ${iss}, as it should.`, evidence: seen };
  const passedOn = repetition(story, answered);
  const fault = `An error response came from ${iss} in place of ${issuer}`;
  if (!passedOn)
    return {
      kind: 'open',
      subject,
      message: `${fault}; what the client made of it is not in the log.`,
      evidence: seen,
      missing: ['what-the-client-showed'],
    };
  return {
    kind: 'fail',
    level: levelSince(server, ISS_SINCE, 'error'),
    subject,
    message: `${fault}, and the client passed its text on${sinceWords(server, ISS_SINCE)}.`,
    evidence: [...seen, evidence(passedOn.exchange, passedOn.part, 'the text of the error', passedOn.range)],
  };
}

/** A later body that holds the error's description: found by its longest word, then compared as a whole. */
function repetition(story: Story, { callback }: Answered): Sighting | null {
  const { errorDescription } = callback.response;
  const word = (errorDescription ?? '')
    .split(' ')
    .reduce((longest, next) => (next.length > longest.length ? next : longest), '');
  return (
    story
      .sightings(word)
      .find(
        ({ exchange, part }) =>
          part === 'request.postData' &&
          exchange.sent >= callback.exchange.sent &&
          exchange !== callback.exchange &&
          holds(exchange.request.body.text, errorDescription ?? ''),
      ) ?? null
  );
}

/** As JSON or as a form writes it. */
function holds(body: string, text: string): boolean {
  const form = new URLSearchParams({ text }).toString().slice('text='.length);
  return [text, JSON.stringify(text).slice(1, -1), form, form.replaceAll('+', '%20')].some((written) =>
    body.includes(written),
  );
}
