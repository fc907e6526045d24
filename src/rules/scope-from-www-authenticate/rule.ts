import { covers, includesAll, intersect, minus } from '../../protocol/scope.ts';
import type { Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeUntold } from '../shared/challenges/untold.ts';
import { challengeScopeOf, present, scopeOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { sinceWords } from '../shared/revision/since.ts';
import {
  challengeUnseen,
  couldReadScopes,
  type Initial,
  judgeInitial,
  missedAfter,
  notYetAsked,
  SCOPE_SINCE,
} from '../shared/scopes/initial-scope.ts';
import { assumesRelationship } from '../shared/scopes/scope-relationship.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** Scope selection, first choice: the `scope` of the 401. A renewed request is judged by `challenge-scope-authoritative`. */
export const rule = defineRule({
  id: 'scope-from-www-authenticate',
  title: "The first request ignores the challenge's scopes",
  party: 'client',
  level: 'warning',
  since: SCOPE_SINCE,
  aliases: ['scope-step-up-initial'],
  spec: [mcp('2026-07-28', 'scope-selection-strategy'), mcp(SCOPE_SINCE, 'scope-selection-strategy'), rfc(6750, '3')],
  fix: 'Request the scopes that the 401 names in WWW-Authenticate.',
  judge: (story) => judgeInitial(story, (initial) => judge(story, initial)),
});

function judge(story: Story, initial: Initial): Judgement | null {
  const { grant, server, authorization, challenges, challenge, requested } = initial;
  const subject = server.url;
  if (!challenge) return challengeUnseen(initial);
  // Of several different challenges the client may have acted on any.
  const met = challenges.find((call) => call.challenge?.scope && includesAll(requested, call.challenge.scope));
  const seen = present([scopeOf(authorization), challengeScopeOf(met ?? challenge)]);
  if (met)
    return {
      kind: 'pass',
      subject,
      message: `The client requested ${scopes(met.challenge?.scope ?? [])}, as challenged.`,
      evidence: seen,
    };
  const readable = couldReadScopes(initial);
  if (readable === false)
    return {
      kind: 'notApplicable',
      subject,
      message: "The page's script could not read the challenge, so the client could not know its scopes.",
      evidence: seen,
    };
  if (assumesRelationship(story, initial) !== null) return null;
  const missing = minus(initial.challenged, requested);
  const missed = missedAfter(server, authorization.exchange.sent, missing);
  const before = notYetAsked(server, missed);
  if (before !== null) return { kind: 'notApplicable', subject, message: before, evidence: seen };
  if (readable === null) return challengeUntold(subject, seen);
  const granted = grant.grantedExplicit !== null && includesAll(grant.grantedExplicit, initial.challenged);
  const covered = missing.every((scope) => requested.some((broad) => covers(broad, scope)));
  const excuse = missed
    ? ''
    : granted
      ? '; the authorization server granted them all the same'
      : covered
        ? '; a broader scope may cover it'
        : '';
  const consequence = missed
    ? `, and a later call was refused for want of ${scopes(intersect(missed.challenge?.scope ?? [], missing))}`
    : '';
  return {
    kind: 'fail',
    level: excuse === '' ? 'warning' : 'note',
    subject,
    message: `The server challenged for ${scopes(initial.challenged)}, and the client requested ${scopes(requested)}${excuse}${consequence}${sinceWords(server, SCOPE_SINCE)}.`,
    evidence: missed ? [...seen, challengeScopeOf(missed)] : seen,
  };
}
