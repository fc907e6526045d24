import { AuthProvider } from './auth-provider.ts';
import { openV2 } from './sdk-v2.ts';
import type { McpSession } from './session.ts';
import type { WorkerAnswer, WorkerCall } from './worker/call.ts';

/** SDK v2 in a shared or a service worker: every MCP, discovery and token request is the worker's own. */
interface Connection {
  readonly session: McpSession;
  readonly kept: Map<string, unknown>;
  authorize: string | null;
}

const connections = new Map<string, Connection>();

function connectionOf({ connection, settings }: WorkerCall): Connection {
  const known = connections.get(connection);
  if (known !== undefined) return known;
  const kept = new Map<string, unknown>();
  const store = {
    get: <T>(name: string) => kept.get(name) as T | undefined,
    set: (name: string, value: unknown) => void kept.set(name, value),
  };
  const provider = new AuthProvider('Laboratory worker', settings, store, (url) => {
    made.authorize = url.href;
  });
  const made: Connection = { session: openV2(settings, provider), kept, authorize: null };
  connections.set(connection, made);
  return made;
}

function perform({ session }: Connection, { deed, name = '', input = {}, response = '' }: WorkerCall) {
  switch (deed) {
    case 'call':
      return session.call(name, input);
    case 'finishAuthorization':
      return session.finishAuthorization(new URLSearchParams(response));
    default:
      return session[deed]();
  }
}

async function answer(call: WorkerCall): Promise<WorkerAnswer> {
  const connection = connectionOf(call);
  for (const [name, value] of Object.entries(call.kept)) connection.kept.set(name, value);
  connection.authorize = null;
  const said = async (): Promise<Partial<WorkerAnswer>> => {
    try {
      const result = await perform(connection, call);
      return result === undefined ? {} : { result };
    } catch (error) {
      const needsUser = connection.session.needsUser(error);
      return { error: error instanceof Error ? error.message : String(error), needsUser };
    }
  };
  const outcome = await said();
  return { ...outcome, kept: Object.fromEntries(connection.kept), authorize: connection.authorize };
}

async function take({ data, ports }: MessageEvent): Promise<void> {
  ports[0]?.postMessage(await answer(data as WorkerCall));
}

const worker = globalThis as unknown as EventTarget;
// A shared worker is spoken to over the port of each page, a service worker directly.
worker.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port !== undefined) port.onmessage = (message) => void take(message);
});
worker.addEventListener('message', (event) => {
  const taken = take(event as MessageEvent);
  (event as Event & { waitUntil?(promise: Promise<void>): void }).waitUntil?.(taken);
});
