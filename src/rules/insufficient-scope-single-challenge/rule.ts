import { includesAll, minus } from '../../protocol/scope.ts';
import { isHeeded } from '../../story/heeded.ts';
import type { Call, Server, Token } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { tokensByValue } from '../shared/challenges/bad-token.ts';
import { challengeScopeOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { scopes } from '../shared/evidence/words.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { tokenScope } from '../shared/scopes/token-scope.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** One challenge names all that an operation needs; a second one means a second consent page. */
export const rule = defineRule({
  id: 'insufficient-scope-single-challenge',
  title: 'Scopes challenged one at a time',
  party: 'server',
  level: 'warning',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'runtime-insufficient-scope-errors'), rfc(6750, '3.1')],
  fix: 'Name all scopes that the operation needs in one challenge.',
  *judge(story) {
    const tokens = tokensByValue(story);
    for (const server of story.servers) {
      const last = new Map<string, Call>();
      for (const call of server.refused) {
        if (call.status !== 403 || call.challenge?.error !== 'insufficient_scope' || !call.challenge.scope) continue;
        if (call.credential === null || call.operation === null) continue;
        const before = last.get(call.operation);
        last.set(call.operation, call);
        if (!before || before.credential === call.credential || !isHeeded(before.exchange, call.exchange.sent))
          continue;
        const judgement = judge(server, before, call, tokens);
        if (judgement) yield judgement;
      }
    }
  },
});

function judge(server: Server, before: Call, call: Call, tokens: ReadonlyMap<string, Token>): Judgement | null {
  const subject = server.url;
  const first = before.challenge?.scope ?? [];
  const second = call.challenge?.scope ?? [];
  const seen = [challengeScopeOf(call), challengeScopeOf(before)];
  const added = minus(second, first);
  if (added.length === 0) {
    return {
      kind: 'pass',
      subject,
      message: 'The second challenge names nothing that the first did not.',
      evidence: seen,
    };
  }
  const held = tokenScope(tokens.get(call.credential ?? '') ?? null);
  const heldBefore = tokenScope(tokens.get(before.credential ?? '') ?? null);
  if (!held || !heldBefore) {
    const message = `The server asked for ${scopes(first)} and then for ${scopes(second)}; the log does not show what the tokens held.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['token-response'] };
  }
  // The first wish was not fulfilled: asking again is right.
  if (!includesAll(held.scopes, first)) return null;
  // What an earlier token held and the new one lost is the client's doing.
  const neverNamed = minus(minus(added, held.scopes), heldBefore.scopes);
  if (neverNamed.length === 0) return null;
  return {
    kind: 'fail',
    level: levelSince(server, '2026-07-28', 'warning'),
    subject,
    message: `For the same ${operationName(call)} the server asked for ${scopes(first)}, and once the client had that, for ${scopes(neverNamed)} too${sinceWords(server, '2026-07-28')}.`,
    evidence: seen,
  };
}
