import type { Call, Server } from './model.ts';
import { firstAfter } from './order.ts';

const sent = (call: Call): number => call.exchange.sent;

/** Calls to a server sent after `time` and at most `within` milliseconds later, in order. */
export function* callsAfter(server: Server, time: number, within = Number.POSITIVE_INFINITY): Generator<Call> {
  for (let index = firstAfter(server.calls, time, sent); index < server.calls.length; index += 1) {
    const call = server.calls[index];
    if (!call || call.exchange.sent > time + within) return;
    yield call;
  }
}

/** Calls to a server sent at or before `time`, latest first. */
export function* callsBefore(server: Server, time: number): Generator<Call> {
  for (let index = firstAfter(server.calls, time, sent) - 1; index >= 0; index -= 1) {
    const call = server.calls[index];
    if (call) yield call;
  }
}

/** Whether two calls are attempts at the same operation. */
export function isSameOperation(one: Call, other: Call): boolean {
  return one.operation !== null && one.operation === other.operation;
}
