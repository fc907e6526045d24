import { includesAll } from '../../protocol/scope.ts';
import { heededFrom } from '../../story/heeded.ts';
import { endsWithin } from '../../story/log-end.ts';
import type { Call, Story } from '../../story/model.ts';
import { attemptsAfter, callsAfter } from '../../story/queries.ts';
import { isSuccess } from '../../story/token-answers.ts';
import type { Missing } from '../missing.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeScopeOf, evidence, present, scopeOf, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { scopes } from '../shared/evidence/words.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { type StepUp, stepUps } from '../shared/scopes/step-up.ts';
import { mcp } from '../shared/spec/links.ts';

/** The last step of the step-up flow: the call that started it is sent again. */
export const rule = defineRule({
  id: 'step-up-retry-original',
  title: 'The call was not repeated after a successful step-up',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [mcp('2026-07-28', 'step-up-authorization-flow'), mcp('2025-11-25', 'step-up-authorization-flow')],
  fix: 'Keep the refused request while the user signs in, and send it again with the new token.',
  *judge(story) {
    for (const stepUp of stepUps(story)) {
      const judgement = judge(story, stepUp);
      if (judgement) yield judgement;
    }
  },
});

/** How long the repetition may take, milliseconds. */
const WINDOW = 60_000;

function judge(story: Story, stepUp: StepUp): Judgement | null {
  const { grant, server, challenge, challenged, cause } = stepUp;
  if (cause !== 403 || challenge.operation === null || !grant.token || !isSuccess(grant.token)) return null;
  if (!grant.granted || !includesAll(grant.granted, challenged)) return null;
  const subject = server.url;
  const renewed = grant.token.exchange.answered;
  const seen = present([
    challengeScopeOf(challenge),
    grant.authorization ? scopeOf(grant.authorization) : null,
    tokenAnswerOf(grant.token),
  ]);
  const { value: retry } = attemptsAfter(
    server,
    challenge,
    Math.max(challenge.exchange.sent, heededFrom(grant.token.exchange)),
  ).next();
  if (retry && retry.exchange.sent <= renewed + WINDOW) {
    const shown = evidence(retry.exchange, 'response.status', String(retry.status));
    return {
      kind: 'pass',
      subject,
      message: 'The call was sent again with the new token.',
      evidence: [...seen, shown],
    };
  }
  // A renewed step-up, and the call after it, speak for themselves.
  if (startsAgain(stepUp, renewed)) return null;
  const open = (message: string, missing: Missing): Judgement => ({
    kind: 'open',
    subject,
    message,
    evidence: seen,
    missing: [missing],
  });
  if (endsWithin(story, renewed, WINDOW) || !goesOn(stepUp, renewed)) {
    return open('The log ends too soon after the step-up to tell whether the call was sent again.', 'later-traffic');
  }
  if (!grant.authorization)
    return open(
      'The call was not sent again; the sign-in was not recorded, and may have replaced the page that made it.',
      'authorization-request',
    );
  if (leftPage(challenge, stepUp)) {
    return open(
      'The call was not sent again; the sign-in took the place of the page that made it, and with it of what the user was doing.',
      'client-state',
    );
  }
  return {
    kind: 'fail',
    level: levelSince(server, '2025-11-25', 'warning'),
    subject,
    message: `The client got ${scopes(challenged)}, and did not send ${operationName(challenge)} again within a minute, though it went on with other calls${sinceWords(server, '2025-11-25')}.`,
    evidence: seen,
  };
}

function startsAgain({ chain, grant }: StepUp, renewed: number): boolean {
  const later = chain.grants[chain.grants.indexOf(grant) + 1];
  const began = (later?.authorization ?? later?.token)?.exchange.sent;
  return began !== undefined && began <= renewed + WINDOW;
}

/** Other calls followed, with a token: the client was at work. */
function goesOn({ server }: StepUp, renewed: number): boolean {
  for (const call of callsAfter(server, renewed)) if (call.credential !== null && call.operation !== null) return true;
  return false;
}

/**
 * The authorization request was a navigation that may have taken the place of the page that had made the
 * call: it is not in a page of its own, or the code was not exchanged where the call was made.
 */
function leftPage({ exchange }: Call, { grant }: StepUp): boolean {
  const request = grant.authorization?.exchange;
  if (!request || (request.resourceType !== 'document' && request.resourceType !== null)) return false;
  const own = exchange.page;
  return own === null || request.page === null || request.page === own || grant.token?.exchange.page !== own;
}
