import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followWire, type Port } from '../../../src/extension/devtools/wire.ts';
import { unknownState } from '../../../src/extension/watch-state.ts';
import type { WireMessage } from '../../../src/extension/wire-channel.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A background that can be ended, and an extension that can be taken away. */
function runtimeOf() {
  const ports: { port: Port; said: unknown[]; end(): void; say(message: unknown): void }[] = [];
  const runtime = {
    id: 'ours' as string | undefined,
    connect(): Port {
      const heard: ((message: unknown) => void)[] = [];
      const ended: (() => void)[] = [];
      const said: unknown[] = [];
      const port: Port = {
        onMessage: { addListener: (listener) => void heard.push(listener) },
        onDisconnect: { addListener: (listener) => void ended.push(listener) },
        postMessage: (message) => void said.push(message),
      };
      ports.push({
        port,
        said,
        end: () => {
          for (const listener of ended) listener();
        },
        say: (message) => {
          for (const listener of heard) listener(message);
        },
      });
      return port;
    },
  };
  return { runtime: runtime as Parameters<typeof followWire>[0] & { id: string | undefined }, ports };
}

const message: WireMessage = { kind: 'wire', records: [], dropped: 0, state: unknownState };

test('a background that is ended is called again, and heard again', () => {
  const { runtime, ports } = runtimeOf();
  const heard: WireMessage[] = [];
  const gone = vi.fn();
  followWire(runtime, 7, (one) => heard.push(one), gone);
  for (let number = 0; number < 20; number += 1) {
    ports.at(-1)?.say({ ...message, dropped: number });
    ports.at(-1)?.end();
    vi.runAllTimers();
  }
  expect(ports).toHaveLength(21);
  expect(heard.map(({ dropped }) => dropped)).toEqual(Array.from({ length: 20 }, (_, number) => number));
  expect(gone).not.toHaveBeenCalled();
});

test.each(['its id is gone', 'it refuses to connect'])('an extension that was updated or reloaded: %s', (how) => {
  const { runtime, ports } = runtimeOf();
  const gone = vi.fn();
  followWire(runtime, 7, () => undefined, gone);
  if (how === 'its id is gone') Object.assign(runtime, { id: undefined });
  else
    Object.assign(runtime, {
      connect() {
        throw new Error('Extension context invalidated.');
      },
    });
  expect(gone).not.toHaveBeenCalled();
  ports[0]?.end();
  vi.runAllTimers();
  expect(gone).toHaveBeenCalledOnce();
});

test('each background is told that this page listens itself, once it does', () => {
  const { runtime, ports } = runtimeOf();
  const wire = followWire(
    runtime,
    7,
    () => undefined,
    () => undefined,
  );
  expect(ports[0]?.said).toEqual([]);
  wire.listens();
  ports[0]?.end();
  vi.runAllTimers();
  expect(ports.map(({ said }) => said)).toEqual([[{ kind: 'listening' }], [{ kind: 'listening' }]]);
});
