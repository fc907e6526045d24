import { challengeText } from '../../story/answers.ts';
import { isFromGateway } from '../../story/gateways.ts';
import type { Call, Server } from '../../story/model.ts';
import { knowsHeaders } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { MISSING_SCOPE, wordsIn } from '../shared/challenges/words-in-body.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** A 403 for want of a scope says so, which scopes, and where the metadata is. */
export const rule = defineRule({
  id: 'insufficient-scope-challenge-complete',
  title: 'The 403 for a missing scope does not say all that a client needs',
  party: 'server',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'runtime-insufficient-scope-errors'),
    mcp('2025-11-25', 'runtime-insufficient-scope-errors'),
    rfc(6750, '3.1'),
    rfc(9728, '5.1'),
  ],
  fix: 'Send Bearer error="insufficient_scope" with scope and resource_metadata in the 403.',
  *judge(story) {
    for (const server of story.servers) {
      for (const call of server.refused) {
        if (call.status !== 403 || call.credential === null || call.credential === '') continue;
        const judgement = judge(server, call);
        if (judgement) yield { ...judgement, occasion: `${operationName(call)} ${challengeText(call.exchange)}` };
      }
    }
  },
});

function judge(server: Server, call: Call): Judgement | null {
  const { exchange, challenge } = call;
  const subject = server.url;
  const text = exchange.response.body.text.slice(0, 20_000);
  const words = isFromGateway(exchange) ? null : wordsIn(text, MISSING_SCOPE);
  if (challenge?.error !== 'insufficient_scope' && !words) return null;
  const said = words ? evidence(exchange, 'response.content', 'names a missing scope', words.range) : null;
  const header = challengeText(exchange);
  if (header === null && !knowsHeaders(exchange)) {
    const message = 'The refusal for want of a scope was recorded without its headers.';
    return {
      kind: 'open',
      subject,
      message,
      evidence: present([evidence(exchange, 'response.status', '403'), said]),
      missing: ['response-headers'],
    };
  }
  const missing = missingMembers(call);
  const seen =
    header === null
      ? evidence(exchange, 'response.status', '403 without WWW-Authenticate')
      : evidence(
          exchange,
          'response.headers.www-authenticate',
          missing.length === 0 ? '403, complete' : `without ${missing.join(', ')}`,
          challenge?.challenge.range ?? null,
        );
  if (missing.length === 0)
    return {
      kind: 'pass',
      subject,
      message: 'The challenge names error, scope and resource_metadata.',
      evidence: [seen],
    };
  return {
    kind: 'fail',
    level: levelSince(server, '2025-11-25', 'warning'),
    subject,
    message: `The 403 to ${operationName(call)} for want of a scope lacks ${missing.join(', ')}${sinceWords(server, '2025-11-25')}.`,
    evidence: present([seen, said]),
  };
}

function missingMembers({ challenge, exchange }: Call): string[] {
  if (challengeText(exchange) === null) return ['WWW-Authenticate'];
  if (!challenge) return ['a Bearer challenge'];
  const { error, scope, resourceMetadata } = challenge;
  const members: readonly (readonly [string, unknown])[] = [
    ['error', error],
    ['scope', scope],
    ['resource_metadata', resourceMetadata],
  ];
  return members.flatMap(([name, value]) => (value === null ? [name] : []));
}
