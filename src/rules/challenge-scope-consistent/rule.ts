import { equalScopes } from '../../protocol/scope.ts';
import type { Call, Token } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { tokensByValue } from '../shared/challenges/bad-token.ts';
import { challengeScopeOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { scopes } from '../shared/evidence/words.ts';
import { sinceWords } from '../shared/revision/since.ts';
import { tokenScope } from '../shared/scopes/token-scope.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** The same call with the same permissions meets the same challenge. */
export const rule = defineRule({
  id: 'challenge-scope-consistent',
  title: 'The same operation challenged with different scopes',
  party: 'server',
  level: 'note',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'runtime-insufficient-scope-errors'),
    mcp('2025-11-25', 'runtime-insufficient-scope-errors'),
    rfc(6750, '3'),
  ],
  fix: 'Work out the scopes of a challenge from the operation alone, the same way each time.',
  *judge(story) {
    const tokens = tokensByValue(story);
    for (const server of story.servers) {
      const firsts = new Map<string, Call>();
      const passed = new Set<string>();
      for (const call of server.refused) {
        if (!call.challenge?.scope || call.operation === null) continue;
        const key = JSON.stringify([call.status, call.challenge.error, call.operation, heldBy(call, tokens)]);
        const first = firsts.get(key);
        if (!first) {
          firsts.set(key, call);
          continue;
        }
        const same = equalScopes(first.challenge?.scope ?? [], call.challenge.scope);
        const judged: Pick<Judgement, 'subject' | 'occasion' | 'evidence'> = {
          subject: server.url,
          occasion: key,
          evidence: [challengeScopeOf(call), challengeScopeOf(first)],
        };
        if (same) {
          if (!passed.has(key))
            yield { ...judged, kind: 'pass', message: 'The same operation met the same challenge.' };
          passed.add(key);
        } else {
          const message = `The server asked ${operationName(call)} for ${scopes(first.challenge?.scope ?? [])}, and another time, with nothing changed, for ${scopes(call.challenge.scope)}${sinceWords(server, '2025-11-25')}.`;
          yield { ...judged, kind: 'fail', message };
        }
      }
    }
  },
});

/** What a call was allowed to: equal for equal permissions; the token itself where they are unknown. */
function heldBy({ credential }: Call, tokens: ReadonlyMap<string, Token>): string {
  if (credential === null) return 'nothing';
  const token = tokens.get(credential) ?? null;
  const held = tokenScope(token);
  return held ? `holds ${held.scopes.toSorted().join(' ')}` : `token ${token?.id ?? credential}`;
}
