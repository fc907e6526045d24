import { type ChainEvent, eventsSince, refusals } from '../../story/chain-events.ts';
import { isFromGateway } from '../../story/gateways.ts';
import { heededFrom, isHeeded } from '../../story/heeded.ts';
import type { Call, Chain, Server } from '../../story/model.ts';
import { isSameOperation } from '../../story/queries.ts';
import { knowsHeaders } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { refusalOf } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { span } from '../shared/evidence/words.ts';
import { mcp } from '../shared/spec/links.ts';

/** The same call with the same token meets the same refusal. */
export const rule = defineRule({
  id: 'blind-403-retry',
  title: '403 repeated with the same token',
  party: 'client',
  level: 'note',
  since: null,
  spec: [mcp('2026-07-28', 'step-up-authorization-flow')],
  fix: 'Do not repeat a call that was answered 403 until the token has changed.',
  *judge(story) {
    const last = new Map<string, Call>();
    const told = new Map(story.surfaced.map((shown) => [shown.call, shown.exchange.sent]));
    const events = new Map<Chain, readonly ChainEvent[]>();
    for (const { call, chain, server } of refusals(story)) {
      if (call.status !== 403 || call.operation === null || isFromGateway(call.exchange)) continue;
      const key = `${server.url}\n${call.exchange.page ?? ''}\n${call.operation}`;
      const before = last.get(key);
      last.set(key, call);
      if (!before || !isRepetition(before, call)) continue;
      if (chain && !events.has(chain)) events.set(chain, eventsSince(chain, Number.NEGATIVE_INFINITY));
      const own = (chain && events.get(chain)) ?? [];
      const judgement = judge(server, { before, call, events: own, told: told.get(before) ?? null });
      if (judgement) yield judgement;
    }
  },
});

/** Sooner than this nobody has decided to try again, milliseconds. */
const WINDOW = 5000;

/** One after the other, and if with the same token, at once. */
function isRepetition(before: Call, call: Call): boolean {
  if (!isHeeded(before.exchange, call.exchange.sent) || !isSameOperation(before, call)) return false;
  return before.credential !== call.credential || call.exchange.sent - before.exchange.answered <= WINDOW;
}

interface Pair {
  readonly before: Call;
  readonly call: Call;
  /** What the token's chain did at the authorization server. */
  readonly events: readonly ChainEvent[];
  /** When the model was told of the first refusal. */
  readonly told: number | null;
}

function judge(server: Server, { before, call, events, told }: Pair): Judgement | null {
  const subject = server.url;
  const seen = [refusalOf(call), refusalOf(before)];
  if (before.credential !== call.credential) {
    return { kind: 'pass', subject, message: 'The refused call was repeated with another token.', evidence: seen };
  }
  const since = heededFrom(before.exchange);
  const { sent } = call.exchange;
  if (told !== null && told <= sent) return null;
  if (events.some(({ at }) => at >= since && at <= sent)) return null;
  if (!knowsHeaders(call.exchange)) {
    const message = 'The same call was refused twice; the recording lost the headers that would show why.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['response-headers'] };
  }
  const after = span(sent - before.exchange.answered);
  const message = `The client repeated ${operationName(call)} ${after} after its 403 with the same token, and was refused again.`;
  return { kind: 'fail', subject, message, evidence: seen };
}
