import { covers, includesAll, minus } from '../../protocol/scope.ts';
import { couldReadChallenge } from '../../story/calls.ts';
import { speaks } from '../../story/revisions.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeUntold } from '../shared/challenges/untold.ts';
import { challengeScopeOf, present, scopeOf, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { type StepUp, stepUps, unseenRequest } from '../shared/scopes/step-up.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** rules.md A.2.3 rows 2 and 3: a renewed request holds every challenged scope. */
export const rule = defineRule({
  id: 'challenge-scope-authoritative',
  title: 'The renewed authorization request lacks a challenged scope',
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'scope-selection-strategy'),
    mcp('2025-11-25', 'protected-resource-metadata-discovery-requirements'),
    rfc(6750, '3'),
  ],
  fix: "Include every scope of the server's challenge in the authorization request.",
  *judge(story) {
    for (const stepUp of stepUps(story)) {
      const judgement = judge(stepUp);
      if (judgement) yield judgement;
    }
  },
});

function judge(stepUp: StepUp): Judgement | null {
  const { grant, server, challenge, challenged, requested } = stepUp;
  if (challenged.length === 0) return null;
  const subject = server.url;
  const seen = present([
    grant.authorization ? scopeOf(grant.authorization) : grant.token ? tokenAnswerOf(grant.token) : null,
    challengeScopeOf(challenge),
  ]);
  const known = speaks(server, '2025-11-25');
  if (known === false)
    return {
      kind: 'notApplicable',
      subject,
      message: `MCP ${server.revision} has no scope challenges.`,
      evidence: seen,
    };
  const unseen = unseenRequest(grant);
  if (unseen) {
    if (grant.grantedExplicit && includesAll(grant.grantedExplicit, challenged)) {
      return { kind: 'pass', subject, message: 'The new grant holds the challenged scopes.', evidence: seen };
    }
    return { kind: 'open', subject, message: unseen.words, evidence: seen, missing: [unseen.missing] };
  }
  const asked = requested ?? grant.grantedExplicit;
  if (asked === null) {
    const message = 'The authorization request has no scope, and the token response does not say what was granted.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['token-response'] };
  }
  if (includesAll(asked, challenged))
    return { kind: 'pass', subject, message: 'Every challenged scope was requested.', evidence: seen };
  const readable = couldReadChallenge(challenge);
  if (readable === false) {
    const message = "The page's script could not read the challenge, so the client could not know its scopes.";
    return { kind: 'notApplicable', subject, message, evidence: seen };
  }
  if (readable === null) return challengeUntold(subject, seen);
  const missing = minus(challenged, asked);
  const covered = missing.every((scope) => asked.some((broad) => covers(broad, scope)));
  return {
    kind: 'fail',
    level: covered ? 'warning' : 'error',
    subject,
    message: `The server challenged for ${scopes(challenged)}, and the client requested ${scopes(asked)}: ${scopes(missing)} is missing${covered ? ', though a broader scope may cover it' : ''}.`,
    evidence: seen,
  };
}
