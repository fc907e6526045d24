import { bearerChallenge } from '../../protocol/challenge.ts';
import { challengeText, errorInBody } from '../../story/answers.ts';
import { isFromGateway } from '../../story/gateways.ts';
import type { Call, Server } from '../../story/model.ts';
import { lacksBody } from '../../story/recorded.ts';
import { those, walked } from '../../story/walk.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { BadTokens, tokensByValue } from '../shared/challenges/bad-token.ts';
import { BAD_TOKEN, wordsIn } from '../shared/challenges/words-in-body.ts';
import { evidence, present, rangeOfText, refusalOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** A token that is no good is a 401: only that makes a client renew it. */
export const rule = defineRule({
  id: 'invalid-token-wrong-status',
  title: 'A bad token is not answered with 401',
  party: 'server',
  level: 'error',
  since: '2025-03-26',
  spec: [mcp('2026-07-28', 'token-handling'), mcp('2026-07-28', 'error-handling'), rfc(6750, '3.1')],
  fix: 'Answer 401 with error="invalid_token" to every token that is expired, malformed or not for this server.',
  *judge(story) {
    const byValue = tokensByValue(story);
    for (const server of story.servers) {
      let tokens: BadTokens | null = null;
      for (const call of walked(server, refusals)) {
        if (call.status === 401 && call.challenge?.error === ERROR) {
          const message = 'The bad token was answered 401.';
          yield {
            kind: 'pass',
            subject: server.url,
            occasion: operationName(call),
            message,
            evidence: [refusalOf(call)],
          };
        }
        if (!WRONG.has(call.status)) continue;
        tokens ??= new BadTokens(byValue, server);
        const judgement = judge(server, call, tokens);
        if (judgement) yield { ...judgement, occasion: `${call.status} ${operationName(call)}` };
      }
    }
  },
});

const refusals = those(
  ({ credential, exchange, status }) =>
    Boolean(credential) && !exchange.fromCache && (status === 401 || WRONG.has(status)),
);

const ERROR = 'invalid_token';
const WRONG = new Set([400, 403, 404, 500]);

function judge(server: Server, call: Call, tokens: BadTokens): Judgement | null {
  const { exchange, status } = call;
  const subject = server.url;
  const shown = evidence(exchange, 'response.status', String(status));
  const said = named(call);
  const fail = (why: string, items: readonly (Evidence | null)[]): Judgement => ({
    kind: 'fail',
    subject,
    message: `The server answered ${operationName(call)} with ${status} ${why}; a bad token is a 401, and only that makes a client renew it.`,
    evidence: present([shown, ...items]),
  });
  if (said) return fail('and said invalid_token', [said]);
  // A challenge for another reason is no verdict on the token.
  if (isFromGateway(exchange) || call.challenge) return null;
  const text = exchange.response.body.text.slice(0, 20_000);
  const words = wordsIn(text, BAD_TOKEN);
  const unread = !words && !exchange.envelope && lacksBody(exchange);
  if (!words && !unread) return null;
  const proof = words
    ? tokens.proofWithRetry(call, ({ status: later }) => later >= 200 && later < 300)
    : tokens.proof(call);
  if (!proof) return null;
  if (words)
    return fail(`because of its token: ${proof.why}`, [
      evidence(exchange, 'response.content', 'speaks of a bad token', words.range),
      proof.evidence,
    ]);
  const message = `The server answered ${operationName(call)} with ${status}, and ${proof.why}; the recording does not hold what the server said.`;
  return { kind: 'open', subject, message, evidence: [shown, proof.evidence], missing: ['response-body'] };
}

/** Where the answer says `invalid_token`: in its challenge, else as the body's `error`. */
function named(call: Call): Evidence | null {
  const { exchange } = call;
  const text = challengeText(exchange);
  const challenge = call.challenge ?? (text === null ? null : bearerChallenge(text));
  if (challenge?.error === ERROR)
    return evidence(exchange, 'response.headers.www-authenticate', `error="${ERROR}"`, challenge.errorRange);
  if (isFromGateway(exchange) || errorInBody(exchange) !== ERROR) return null;
  return evidence(exchange, 'response.content', `error "${ERROR}"`, rangeOfText(exchange.response.body.text, ERROR));
}
