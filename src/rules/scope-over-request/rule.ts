import { equalScopes, minus, union } from '../../protocol/scope.ts';
import type { Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeScopeOf, present, scopeOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import {
  challengeUnseen,
  type Initial,
  judgeInitial,
  notYetAsked,
  offeredBy,
  SCOPE_SINCE,
  supportedOf,
} from '../shared/scopes/initial-scope.ts';
import { IDENTITY_SCOPES } from '../shared/scopes/step-up.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** Least privilege: a first request asks for no more than was challenged or published. */
export const rule = defineRule({
  id: 'scope-over-request',
  title: 'The first request asks for more than the server named',
  party: 'client',
  level: 'warning',
  since: SCOPE_SINCE,
  spec: [
    mcp('2026-07-28', 'scope-selection-strategy'),
    mcp(SCOPE_SINCE, 'scope-selection-strategy'),
    {
      text: 'MCP security best practices, scope minimization',
      url: 'https://modelcontextprotocol.io/docs/2026-07-28/tutorials/security/security_best_practices#scope-minimization',
    },
    rfc(6750, '3'),
  ],
  fix: 'Request only the scopes that the server challenges for or publishes.',
  judge: (story) => judgeInitial(story, (initial) => judge(story, initial)),
});

function judge(story: Story, initial: Initial): Judgement | null {
  const { grant, server, authorization, requested, challenges, challenge, metadata } = initial;
  const subject = server.url;
  const published = server.metadata.flatMap((document) => document.metadata.scopesSupported ?? []);
  const named = union(
    challenges.flatMap((call) => call.challenge?.scope ?? []),
    published,
  );
  const beyond = minus(minus(requested, named), IDENTITY_SCOPES);
  const seen = present([
    scopeOf(authorization),
    challenge ? challengeScopeOf(challenge) : null,
    metadata ? supportedOf(metadata) : null,
  ]);
  if (requested.length === 0) return null;
  if (beyond.length === 0)
    return {
      kind: 'pass',
      subject,
      message: `The client requested ${scopes(requested)}, no more than the server named.`,
      evidence: seen,
    };
  const unseen = challengeUnseen(initial);
  if (unseen) return unseen;
  if (server.metadata.length === 0 && !initial.withoutMetadata) {
    return {
      kind: 'open',
      subject,
      message: `The client requested ${scopes(beyond)}; whether the protected resource metadata lists it is not in the log.`,
      evidence: seen,
      missing: ['protected-resource-metadata'],
    };
  }
  if (named.length === 0) return null;
  const before = notYetAsked(server, null);
  if (before !== null) return { kind: 'notApplicable', subject, message: before, evidence: seen };
  const offered = offeredBy(story, grant.issuer);
  const everything =
    offered.length > 0 && equalScopes(minus(offered, IDENTITY_SCOPES), minus(requested, IDENTITY_SCOPES));
  const source = everything ? ': all that the authorization server lists for all its clients' : '';
  const message = `The server named ${scopes(named)}, and the client requested ${scopes(beyond)} as well${source}.`;
  return { kind: 'fail', subject, message, evidence: seen };
}
