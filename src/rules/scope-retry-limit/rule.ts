import { includesAll } from '../../protocol/scope.ts';
import type { Call, Chain, Grant, Server, Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeScopeOf, present, scopeOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { stepUps } from '../shared/scopes/step-up.ts';
import { mcp } from '../shared/spec/links.ts';

/** A step-up that never helps is tried a few times, then reported (three attempts, the initial one counted). */
export const rule = defineRule({
  id: 'scope-retry-limit',
  title: 'Step-up repeated without end',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [mcp('2026-07-28', 'step-up-authorization-flow'), mcp('2025-11-25', 'step-up-authorization-flow')],
  fix: 'Stop after a few step-ups for the same operation and scopes, and report the refusal.',
  *judge(story) {
    const chains = new Set(stepUps(story).map(({ chain }) => chain));
    for (const chain of chains) if (chain.server) yield* judge(story, chain, chain.server);
  },
});

/** Authorizations for one operation before a further one is too many: the initial one and two step-ups. */
const LIMIT = 3;

function* judge(story: Story, chain: Chain, server: Server): Generator<Judgement> {
  const tokenGrant = new Map(story.tokens.map((token) => [token.value, token.grant]));
  const byOperation = new Map<string, Call[]>();
  for (const call of server.refused) {
    if (call.status !== 403 || call.challenge?.error !== 'insufficient_scope' || call.operation === null) continue;
    const key = `${call.operation}\n${(call.challenge.scope ?? []).toSorted().join(' ')}`;
    byOperation.set(key, [...(byOperation.get(key) ?? []), call]);
  }
  for (const [operation, calls] of byOperation) {
    const challenged = calls[0]?.challenge?.scope ?? [];
    const asking = chain.grants.filter((grant) => grant.cause === 'step-up' && holds(grant, challenged));
    // A step-up was in vain when its own token met the same refusal.
    const inVain = asking.filter((grant) =>
      calls.some((call) => call.credential !== null && tokenGrant.get(call.credential) === grant),
    );
    const occasion = `${chain.id} ${operation}`;
    const [first] = asking;
    if (!first) continue;
    const further = inVain.length >= LIMIT - 1 ? asking[LIMIT - 1] : undefined;
    const seen = present([
      ...asking.map(({ authorization }) => (authorization ? scopeOf(authorization) : null)),
      ...calls.map(challengeScopeOf),
    ]);
    if (!further) {
      const unseen = inVain.some(({ authorization }) => authorization === null);
      if (unseen) {
        const message = 'The same refusal came again after a step-up whose request was not recorded.';
        yield {
          kind: 'open',
          subject: server.url,
          occasion,
          message,
          evidence: seen,
          missing: ['authorization-request'],
        };
      } else if (calls.length > 0) {
        yield {
          kind: 'pass',
          subject: server.url,
          occasion,
          message: 'The client did not repeat the step-up without end.',
          evidence: seen,
        };
      }
      continue;
    }
    const culprit = further.authorization ? [scopeOf(further.authorization)] : [];
    yield {
      kind: 'fail',
      level: levelSince(server, '2025-11-25', 'warning'),
      subject: server.url,
      occasion,
      message: `The client asked for ${scopes(challenged)} ${asking.length} times for the same operation, and was refused each time${sinceWords(server, '2025-11-25')}.`,
      evidence: [...culprit, ...seen.filter((item) => item.entry !== culprit[0]?.entry)],
    };
  }
}

function holds(grant: Grant, challenged: readonly string[]): boolean {
  const asked = grant.requested ?? grant.grantedExplicit;
  return asked === null || includesAll(asked, challenged);
}
