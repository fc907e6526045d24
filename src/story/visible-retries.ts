import { canonicalJson } from '../protocol/json.ts';
import type { Call, Server, VisibleRetry } from './model.ts';
import { attemptsAfter } from './queries.ts';
import { type AskedCall, JOIN_WINDOW, type ModelTurn, matchCall } from './surfaced.ts';

/**
 * Retries that the model saw (rules.md A.3.4, join step 4): a call was answered 401 and succeeded with
 * another token, and before its result was told the model asked for the same tool and arguments anew.
 */
export function findVisibleRetries(turns: readonly ModelTurn[], servers: readonly Server[]): VisibleRetry[] {
  const asked: Asked[] = [];
  const toldAt = new Map<string, number>();
  for (const { exchange, results, calls } of turns) {
    for (const { callId } of results) {
      if (callId !== null && !toldAt.has(callId)) toldAt.set(callId, exchange.sent);
    }
    for (const call of calls) {
      if (call.callId !== null) asked.push({ ...call, callId: call.callId, at: exchange.answered, reading: exchange });
    }
  }
  const claimed = new Set<Call>();
  return asked.flatMap((first, index) => {
    const call = matchCall(first, servers, claimed, Number.POSITIVE_INFINITY);
    if (!call) return [];
    claimed.add(call);
    const retry = call.status === 401 && call.credential !== null ? retryOf(call, servers) : null;
    if (!retry) return [];
    const until = Math.min(toldAt.get(first.callId) ?? Number.POSITIVE_INFINITY, retry.exchange.answered + JOIN_WINDOW);
    const second = asked
      .slice(index + 1)
      .find((later) => isSameRequest(later, first) && later.at >= retry.exchange.sent && later.at <= until);
    // A request to the model that was not recorded may have told the result.
    const unread = turns.some(
      ({ exchange }) =>
        exchange.sent >= first.at && exchange.sent <= (second?.at ?? 0) && exchange.request.body.state !== 'whole',
    );
    return second && !unread ? [{ exchange: second.reading, callId: second.callId, call }] : [];
  });
}

interface Asked extends AskedCall {
  readonly callId: string;
  readonly reading: ModelTurn['exchange'];
}

function isSameRequest(one: Asked, other: Asked): boolean {
  return (
    one.callId !== other.callId && one.name === other.name && canonicalJson(one.args) === canonicalJson(other.args)
  );
}

function retryOf(call: Call, servers: readonly Server[]): Call | null {
  const server = servers.find(({ url }) => url === call.server);
  if (!server) return null;
  for (const later of attemptsAfter(server, call, call.exchange.sent)) {
    if (later.exchange.sent > call.exchange.sent + JOIN_WINDOW) break;
    const renewed = later.credential !== null && later.credential !== call.credential;
    if (renewed && later.status >= 200 && later.status < 300) return later;
  }
  return null;
}
