import type { Call, Server } from './model.ts';
import { oncePer } from './once.ts';

/** They begin a session, or look who is there: clients send them before they reach for their tokens. */
const OPENING = new Set(['initialize', 'server/discover']);
/** What a server may leave open to everyone (guard G16). */
const OPEN = new Set([...OPENING, 'ping', 'tools/list', 'resources/list', 'prompts/list']);

/** Whether a call begins a session, or looks who is there. */
export function opensSession({ requests }: Call): boolean {
  return OPENING.has(requests[0]?.method ?? '');
}

/** Whether a call is one that a server may leave open to everyone, whatever token is sent along (guard G16). */
export function mayBeOpen({ requests }: Call): boolean {
  return OPEN.has(requests[0]?.method ?? '');
}

/** Not open to everyone: neither by its nature, nor by a success without any token. */
export function isProtected(server: Server, call: Call): boolean {
  if (call.operation === null || call.requests.length === 0 || mayBeOpen(call)) return false;
  const successes = server.attempts.get(call.operation)?.successes ?? [];
  return successes.every(({ credential }) => credential !== null);
}

interface Guarded {
  /** The server refuses `initialize` without a token, and so everything behind it. */
  readonly door: boolean;
  readonly operations: ReadonlySet<string>;
}

const guarded = oncePer((server: Server): Guarded => {
  const refused = server.refused.filter(({ status, credential }) => status === 401 && credential === null);
  return {
    door: refused.some(({ requests }) => requests.some(({ method }) => method === 'initialize')),
    operations: new Set(refused.flatMap(({ operation }) => operation ?? [])),
  };
});

/** Whether a server answered this operation 401 without a token. */
export function isChallenged(server: Server, { operation }: Call): boolean {
  return operation !== null && guarded(server).operations.has(operation);
}

/** Whether the log shows that a server asks a token for a call: it refused it, or the door before it, without one. */
export function isGuarded(server: Server, { operation }: Call): boolean {
  const { door, operations } = guarded(server);
  return door || operations.has(operation ?? '');
}
