import { intersect, minus } from '../../protocol/scope.ts';
import type { Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeUntold } from '../shared/challenges/untold.ts';
import { challengeScopeOf, evidence, scopeOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import {
  challengeUnseen,
  couldReadScopes,
  type Initial,
  judgeInitial,
  notYetAsked,
  SCOPE_SINCE,
} from '../shared/scopes/initial-scope.ts';
import { assumesRelationship } from '../shared/scopes/scope-relationship.ts';
import { mcp } from '../shared/spec/links.ts';

/** A challenge need not be part of any published list, nor hold it: clients MUST NOT assume a set relationship. */
export const rule = defineRule({
  id: 'challenge-relationship-assumed',
  title: 'The challenge was cut down to the published scopes',
  party: 'client',
  level: 'error',
  since: SCOPE_SINCE,
  spec: [
    mcp('2026-07-28', 'scope-selection-strategy'),
    mcp(SCOPE_SINCE, 'protected-resource-metadata-discovery-requirements'),
  ],
  fix: 'Request every scope of the challenge, whether scopes_supported lists it or not.',
  judge: (story) => judgeInitial(story, (initial) => judge(story, initial)),
});

function judge(story: Story, initial: Initial): Judgement | null {
  const { server, authorization, challenge, challenged, requested } = initial;
  if (!challenge) return challengeUnseen(initial);
  const subject = server.url;
  const seen = [scopeOf(authorization), challengeScopeOf(challenge)];
  const readable = couldReadScopes(initial);
  if (readable === false)
    return {
      kind: 'notApplicable',
      subject,
      message: "The page's script could not read the challenge.",
      evidence: seen,
    };
  const before = notYetAsked(server, null);
  if (before !== null) return { kind: 'notApplicable', subject, message: before, evidence: seen };
  const assumed = assumesRelationship(story, initial);
  if (assumed && readable === null) return challengeUntold(subject, seen);
  if (assumed) {
    const { exchange, supported, by } = assumed;
    const message = `The server challenged for ${scopes(challenged)}, and the client requested only ${scopes(intersect(challenged, supported))}, what the ${by}'s scopes_supported has of it: ${scopes(minus(challenged, requested))} is missing.`;
    return {
      kind: 'fail',
      subject,
      message,
      evidence: [...seen, evidence(exchange, 'response.content', `scopes_supported: ${supported.join(' ')}`)],
    };
  }
  if (minus(challenged, requested).length === 0)
    return { kind: 'pass', subject, message: 'The challenge was taken as it stands.', evidence: seen };
  if (initial.metadata === null && !initial.withoutMetadata) {
    return {
      kind: 'open',
      subject,
      message: 'Some of the challenged scopes were left out; the published scopes are not in the log.',
      evidence: seen,
      missing: ['protected-resource-metadata'],
    };
  }
  return null;
}
