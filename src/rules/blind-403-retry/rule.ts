import type { Call, Chain, Server, Story } from '../../story/model.ts';
import { isSameOperation } from '../../story/queries.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { isFromGateway, knowsHeaders } from '../shared/answer.ts';
import { eventsSince, HEADER_LEAD, refusals } from '../shared/chain-events.ts';
import { refusalOf } from '../shared/evidence.ts';
import { operationName } from '../shared/operation-name.ts';
import { mcp } from '../shared/spec.ts';
import { span } from '../shared/words.ts';

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
    for (const { call, chain, server } of refusals(story)) {
      if (call.status !== 403 || call.operation === null || isFromGateway(call.exchange)) continue;
      const key = `${server.url}\n${call.exchange.page ?? ''}\n${call.operation}`;
      const before = last.get(key);
      last.set(key, call);
      const judgement = before ? judge(story, server, { before, call, chain }) : null;
      if (judgement) yield judgement;
    }
  },
});

/** Sooner than this nobody has decided to try again, milliseconds. */
const WINDOW = 5000;

interface Pair {
  readonly before: Call;
  readonly call: Call;
  readonly chain: Chain | null;
}

function judge(story: Story, server: Server, { before, call, chain }: Pair): Judgement | null {
  const since = before.exchange.answered - HEADER_LEAD;
  if (call.exchange.sent < since || !isSameOperation(before, call)) return null;
  const subject = server.url;
  const seen = [refusalOf(call), refusalOf(before)];
  if (before.credential !== call.credential) {
    return { kind: 'pass', subject, message: 'The refused call was repeated with another token.', evidence: seen };
  }
  const after = call.exchange.sent - before.exchange.answered;
  if (after > WINDOW) return null;
  const asked = chain ? eventsSince(chain, since).some(({ at }) => at <= call.exchange.sent) : false;
  const told = story.surfaced.some((shown) => shown.call === before && shown.exchange.sent <= call.exchange.sent);
  if (asked || told) return null;
  if (!call.exchange.envelope && !knowsHeaders(call.exchange)) {
    const message = 'The same call was refused twice; the recording lost the headers that would show why.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['response-headers'] };
  }
  const message = `The client repeated ${operationName(call)} ${span(after)} after its 403 with the same token, and was refused again.`;
  return { kind: 'fail', subject, message, evidence: seen };
}
