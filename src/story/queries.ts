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

/** Attempts at the operation of a call sent after `time`, in order; costs nothing for the calls between them. */
export function* attemptsAfter(server: Server, call: Call, time: number): Generator<Call> {
  const attempts = call.operation === null ? [] : (server.attempts.get(call.operation)?.calls ?? []);
  for (let index = firstAfter(attempts, time, sent); index < attempts.length; index += 1) {
    const attempt = attempts[index];
    if (attempt) yield attempt;
  }
}

/** The last attempt at the operation of a call sent at or before `time`; null when there is none. */
export function lastAttemptBefore(server: Server, call: Call, time: number): Call | null {
  const attempts = call.operation === null ? [] : (server.attempts.get(call.operation)?.calls ?? []);
  return attempts[firstAfter(attempts, time, sent) - 1] ?? null;
}

/** The first call sent after `time` that succeeded (2xx) at the operation of `call`; null when there is none. */
export function nextSuccess(server: Server, call: Call, time: number): Call | null {
  const successes = call.operation === null ? [] : (server.attempts.get(call.operation)?.successes ?? []);
  return successes[firstAfter(successes, time, sent)] ?? null;
}

/** Whether two calls are attempts at the same operation. */
export function isSameOperation(one: Call, other: Call): boolean {
  return one.operation !== null && one.operation === other.operation;
}
