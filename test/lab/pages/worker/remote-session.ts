import type { AuthProvider } from '../auth-provider.ts';
import type { ToolDescription } from '../completions.ts';
import type { McpSession, ToolResult } from '../session.ts';
import type { ChatSettings } from '../settings.ts';
import { Store } from '../store.ts';
import type { WorkerAnswer, WorkerCall } from './call.ts';

type Send = (call: WorkerCall, answerTo: MessagePort) => void;

const script = '/chat-v2-worker.js';

/** The way to the worker in which the client lives. */
async function doorTo(worker: ChatSettings['worker']): Promise<Send> {
  if (worker === 'shared') {
    const { port } = new SharedWorker(script);
    port.start();
    return (call, answerTo) => port.postMessage(call, [answerTo]);
  }
  await navigator.serviceWorker.register(script);
  const { active } = await navigator.serviceWorker.ready;
  return (call, answerTo) => active?.postMessage(call, [answerTo]);
}

/** An error that came from the worker. */
class WorkerError extends Error {
  readonly needsUser: boolean;

  constructor(message: string, needsUser: boolean) {
    super(message);
    this.needsUser = needsUser;
  }
}

/** A connection whose client lives in a worker; page and worker share what is kept, and the page opens the sign-in. */
export function remoteSession(name: string, settings: ChatSettings, provider: AuthProvider): McpSession {
  const store = new Store(localStorage, `${name}:`);
  const door = doorTo(settings.worker);
  const connection = crypto.randomUUID();
  const ask = async (
    call: Pick<WorkerCall, 'deed' | 'name' | 'input' | 'response'>,
  ): Promise<WorkerAnswer['result']> => {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise<WorkerAnswer>((done) => {
      port1.onmessage = ({ data }) => done(data as WorkerAnswer);
    });
    const names = ['client', 'tokens', 'verifier', 'discovery', 'state'];
    const kept = Object.fromEntries(names.map((kind) => [kind, store.get(kind)]));
    (await door)({ ...call, connection, settings, kept }, port2);
    const said = await answer;
    for (const [kind, value] of Object.entries(said.kept)) store.set(kind, value);
    if (said.authorize !== null) provider.redirectToAuthorization(new URL(said.authorize));
    if (said.error !== undefined) throw new WorkerError(said.error, said.needsUser === true);
    return said.result;
  };
  return {
    connect: async () => void (await ask({ deed: 'connect' })),
    tools: async () => (await ask({ deed: 'tools' })) as ToolDescription[],
    call: async (tool, input) => (await ask({ deed: 'call', name: tool, input })) as ToolResult,
    finishAuthorization: async (response) =>
      void (await ask({ deed: 'finishAuthorization', response: response.toString() })),
    needsUser: (error) => error instanceof WorkerError && error.needsUser,
    close: async () => void (await ask({ deed: 'close' })),
  };
}
