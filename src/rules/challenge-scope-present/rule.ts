import type { Server, Story } from '../../story/model.ts';
import { presented } from '../../story/presented.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeScopeOf, evidence, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { scopes } from '../shared/evidence/words.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { IDENTITY_SCOPES } from '../shared/scopes/step-up.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** The first challenge says which scopes to ask for. */
export const rule = defineRule({
  id: 'challenge-scope-present',
  title: 'The first challenge names no scope',
  party: 'server',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'scope-selection-strategy'),
    mcp('2025-11-25', 'protected-resource-metadata-discovery-requirements'),
    rfc(6750, '3'),
  ],
  fix: 'Name in the challenge the scopes that the operation needs.',
  *judge(story) {
    for (const server of story.servers) {
      const use = scopeUse(story, server);
      for (const call of server.refused) {
        const { challenge, exchange } = call;
        if (call.status !== 401 || !challenge || presented(story, call) !== 'nothing') continue;
        const judged: Pick<Judgement, 'subject' | 'occasion'> = { subject: server.url, occasion: operationName(call) };
        const part = 'response.headers.www-authenticate';
        if (challenge.scope) {
          yield {
            ...judged,
            kind: 'pass',
            message: `The challenge names ${scopes(challenge.scope)}.`,
            evidence: [challengeScopeOf(call)],
          };
          continue;
        }
        const seen = evidence(exchange, part, '401, no scope', challenge.challenge.range);
        if (use === 'unknown') {
          const message = 'The challenge names no scope, and the log does not show whether the server uses scopes.';
          yield { ...judged, kind: 'open', message, evidence: [seen], missing: ['protected-resource-metadata'] };
        } else if (use === 'none') {
          yield {
            ...judged,
            kind: 'notApplicable',
            message: 'Nothing in the log shows that the server uses scopes.',
            evidence: [seen],
          };
        } else {
          const message = `The challenge to ${operationName(call)} names no scope, although the server uses ${use.what}${sinceWords(server, '2025-11-25')}.`;
          yield {
            ...judged,
            kind: 'fail',
            level: levelSince(server, '2025-11-25', 'warning'),
            message,
            evidence: [seen, use.evidence],
          };
        }
      }
    }
  },
});

interface ScopeUse {
  readonly what: string;
  readonly evidence: Evidence;
}

/** What shows that a server uses scopes; `none` when its metadata was seen and nothing does. */
function scopeUse(story: Story, server: Server): ScopeUse | 'none' | 'unknown' {
  for (const { exchange, metadata } of server.metadata) {
    const listed = ofResource(metadata.scopesSupported);
    if (listed.length > 0)
      return { what: some(listed), evidence: evidence(exchange, 'response.content', 'scopes_supported') };
  }
  for (const call of server.refused) {
    const named = ofResource(call.challenge?.scope ?? null);
    if (named.length > 0) return { what: some(named), evidence: challengeScopeOf(call) };
  }
  for (const { grant, issuedBy, scope, kind } of story.tokens) {
    const held = ofResource(scope);
    if (kind === 'access' && issuedBy?.response?.scope && grant?.server === server && held.length > 0)
      return { what: some(held), evidence: tokenAnswerOf(issuedBy) };
  }
  return server.metadata.length > 0 ? 'none' : 'unknown';
}

function ofResource(list: readonly string[] | null): readonly string[] {
  const identity: readonly string[] = IDENTITY_SCOPES;
  return (list ?? []).filter((scope) => !identity.includes(scope));
}

function some(list: readonly string[]): string {
  return list.length <= 5 ? scopes(list) : `${scopes(list.slice(0, 4))} and ${list.length - 4} more`;
}
