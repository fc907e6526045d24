import { bearerChallenge } from '../../protocol/challenge.ts';
import { challengeText, errorInBody } from '../../story/answers.ts';
import { isFromGateway } from '../../story/gateways.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { type Presented, presented } from '../../story/presented.ts';
import { knowsHeaders } from '../../story/recorded.ts';
import { those, walked } from '../../story/walk.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { withoutHeaders } from '../shared/challenges/without-headers.ts';
import { evidence, rangeOfText, refusalOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

const ERROR = 'insufficient_scope';

/** A missing scope is a 403: a client that is told 401 throws a good token away. */
export const rule = defineRule({
  id: 'insufficient-scope-status-403',
  title: 'insufficient_scope with a status other than 403',
  party: 'server',
  level: 'error',
  since: '2025-03-26',
  spec: [mcp('2026-07-28', 'error-handling'), mcp('2026-07-28', 'runtime-insufficient-scope-errors'), rfc(6750, '3.1')],
  fix: 'Answer 403 when the token is good and a scope is missing.',
  *judge(story) {
    for (const server of story.servers) {
      for (const call of walked(server, unsuccessful)) {
        const judgement = judge(story, server, call);
        if (judgement) yield { ...judgement, occasion: `${call.status} ${operationName(call)}` };
      }
    }
  },
});

const unsuccessful = those(({ status, exchange }) => status >= 300 && !exchange.fromCache);

function judge(story: Story, server: Server, call: Call): Judgement | null {
  const { exchange, status } = call;
  const subject = server.url;
  if (status === 403) {
    if (call.challenge?.error !== ERROR) return null;
    return { kind: 'pass', subject, message: 'The missing scope was answered with 403.', evidence: [refusalOf(call)] };
  }
  // Without any token the fault is the code, not the status.
  if (status === 401 && isWithoutToken(presented(story, call))) return null;
  const text = challengeText(exchange);
  const challenge = call.challenge ?? (text === null ? null : bearerChallenge(text));
  const inBody = !isFromGateway(exchange) && errorInBody(exchange) === ERROR;
  if (challenge?.error !== ERROR && !inBody) {
    const lost =
      status === 401 &&
      call.credential !== null &&
      text === null &&
      !knowsHeaders(exchange) &&
      !isFromGateway(exchange);
    return lost ? withoutHeaders(server, call) : null;
  }
  const named =
    challenge?.error === ERROR
      ? evidence(exchange, 'response.headers.www-authenticate', `error="${ERROR}"`, challenge.errorRange)
      : evidence(exchange, 'response.content', `error "${ERROR}"`, rangeOfText(exchange.response.body.text, ERROR));
  return {
    kind: 'fail',
    subject,
    message: `The server answered ${operationName(call)} with ${status} and ${ERROR}; a missing scope is a 403.`,
    evidence: [evidence(exchange, 'response.status', String(status)), named],
  };
}

function isWithoutToken(sent: Presented): boolean {
  return sent === 'nothing' || sent === 'unknown';
}
