import { includesAll, minus, union } from '../../protocol/scope.ts';
import { speaks } from '../../story/revisions.ts';
import type { Missing } from '../missing.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeScopeOf, present, scopeOf, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import {
  IDENTITY_SCOPES,
  isCovered,
  missedLater,
  type StepUp,
  stepUps,
  unseenRequest,
} from '../shared/scopes/step-up.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** rules.md A.2.3, the rows that speak of the union; first match wins. */
export const rule = defineRule({
  id: 'sep-2350-scope-union-on-reauth',
  title: 'Scopes replaced instead of united at step-up',
  party: 'client',
  level: 'warning',
  since: '2026-07-28',
  spec: [
    mcp('2026-07-28', 'step-up-authorization-flow'),
    mcp('2026-07-28', 'scope-selection-strategy'),
    rfc(6750, '3.1'),
  ],
  fix: 'Keep the scopes requested before and request their union with the challenged ones.',
  *judge(story) {
    for (const stepUp of stepUps(story)) {
      const judgement = judge(stepUp);
      if (judgement) yield judgement;
    }
  },
});

function judge(stepUp: StepUp): Judgement | null {
  const { grant, server, challenge, challenged, requested, base, dropped } = stepUp;
  const subject = server.url;
  const seen = present([
    grant.authorization ? scopeOf(grant.authorization) : null,
    challengeScopeOf(challenge),
    grant.token ? tokenAnswerOf(grant.token) : null,
  ]);
  const say = (kind: 'pass' | 'notApplicable', message: string): Judgement => ({
    kind,
    subject,
    message,
    evidence: seen,
  });
  const open = (message: string, missing: Missing): Judgement => ({
    kind: 'open',
    subject,
    message,
    evidence: seen,
    missing: [missing],
  });

  if (speaks(server, '2025-11-25') === false)
    return say('notApplicable', `MCP ${server.revision} has no scope challenges.`);
  const unseen = unseenRequest(grant);
  if (unseen) return judgeAnswer(stepUp, unseen, say, open);
  if (requested === null) {
    if (holdsAll(stepUp, stepUp.perhapsAsked))
      return say('pass', 'The new grant holds the earlier scopes and the challenged ones.');
    if (grant.grantedExplicit && !includesAll(grant.grantedExplicit, challenged)) return null;
    return open(
      'The authorization request has no scope, and the token response does not say what was granted.',
      'token-response',
    );
  }
  // A challenged scope that is left out is another rule's matter.
  if (!includesAll(requested, challenged)) return null;
  if (base === null) return open('What was requested or granted before is not in the log.', 'earlier-authorization');
  if (stepUp.cause === 401 && dropped.length > 0) return null;
  if (dropped.length === 0) return judgeDefaults(stepUp, say);

  // Without the token response the earlier request is the base, as the step-up flow has it; without the request, the grant.
  const { held, asked } = stepUp;
  const before =
    held === null ? 'requested before' : asked === null ? 'granted before' : 'requested and granted before';
  const after = challenged.length === 0 ? 'a challenge that names no scope' : `the challenge for ${scopes(challenged)}`;
  const lost = `The client requested ${scopes(requested)} after ${after}; ${scopes(dropped)}, ${before}, was left out`;
  const note = (why: string): Judgement => ({
    kind: 'fail',
    level: 'note',
    subject,
    message: `${lost}; ${why}${sinceWords(server, '2026-07-28')}.`,
    evidence: seen,
  });
  if (holdsAll(stepUp)) return note('the authorization server adds earlier grants by itself');
  const missed = missedLater(stepUp, dropped);
  const excuse = missed ? null : excuseOf(stepUp);
  if (excuse !== null) return note(excuse);
  return {
    kind: 'fail',
    level: levelSince(server, '2026-07-28', 'warning', missed !== null),
    subject,
    message: `${lost}${missed ? `, and a later call was refused for want of ${scopes(missed.challenge?.scope ?? [])}` : ''}${sinceWords(server, '2026-07-28')}.`,
    evidence: missed ? [...seen, challengeScopeOf(missed)] : seen,
    fix: `Request ${union(minus(base, IDENTITY_SCOPES), challenged).join(' ')}: the union of the earlier scopes and the challenged ones.`,
  };
}

/** What makes it likely that nothing was lost, as long as no later refusal proves the contrary. */
function excuseOf(stepUp: StepUp): string | null {
  if (stepUp.grant.authorization?.request.includeGrantedScopes)
    return 'the authorization server was asked to add earlier grants';
  if (isCovered(stepUp)) return 'a broader scope may cover it';
  return stepUp.renamed ? 'the authorization server names scopes otherwise than the client' : null;
}

type Unseen = NonNullable<ReturnType<typeof unseenRequest>>;
type Say = (kind: 'pass' | 'notApplicable', message: string) => Judgement;
type Open = (message: string, missing: Missing) => Judgement;

/** Row 1: the request was not seen, the answer was. */
function judgeAnswer(stepUp: StepUp, unseen: Unseen, say: Say, open: Open): Judgement {
  const { grant, base, perhapsAsked } = stepUp;
  if (holdsAll(stepUp, perhapsAsked))
    return say('pass', 'The new grant holds the earlier scopes and the challenged ones.');
  const missing = minus(minus(union(base ?? [], perhapsAsked), IDENTITY_SCOPES), grant.grantedExplicit ?? []);
  if (grant.grantedExplicit && missing.length > 0) {
    return open(`${scopes(missing)} is missing from the new token. ${unseen.words}`, unseen.missing);
  }
  return open(unseen.words, unseen.missing);
}

/** Row 6: nothing that was asked for is gone; what the server gave by default may be. */
function judgeDefaults(stepUp: StepUp, say: Say): Judgement {
  const { droppedDefaults, perhapsAsked, server } = stepUp;
  const pass = say(
    'pass',
    `The client requested ${scopes(stepUp.requested ?? [])}: nothing requested and granted before was left out.`,
  );
  if (droppedDefaults.length === 0) return pass;
  const missed = missedLater(stepUp, droppedDefaults);
  const consequence = missed
    ? `, and a later call was refused for want of ${scopes(missed.challenge?.scope ?? [])}`
    : '';
  const how = droppedDefaults.some((scope) => perhapsAsked.includes(scope))
    ? 'before, in a sign-in whose request was not recorded'
    : 'by default';
  return {
    kind: 'fail',
    level: missed ? 'warning' : 'note',
    subject: server.url,
    message: `The authorization server had granted ${scopes(droppedDefaults)} ${how}, and the renewed request leaves it out${consequence}${sinceWords(server, '2026-07-28')}.`,
    evidence: missed ? [...pass.evidence, challengeScopeOf(missed)] : pass.evidence,
  };
}

function holdsAll({ grant, base, challenged }: StepUp, besides: readonly string[] = []): boolean {
  return (
    base !== null &&
    grant.grantedExplicit !== null &&
    includesAll(grant.grantedExplicit, union(minus(union(base, besides), IDENTITY_SCOPES), challenged))
  );
}
