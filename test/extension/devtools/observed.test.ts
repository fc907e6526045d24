import { expect, test } from 'vitest';
import type { ScriptReport } from '../../../src/capture/script-report.ts';
import { readObserved, relayObserver, reportReader, watchObserver } from '../../../src/extension/devtools/observed.ts';
import type { MessageSender, RuntimeApi } from '../../../src/extension/web-extension.ts';

/** A runtime in which a sender says something. */
function runtimeOf() {
  const listeners: ((message: unknown, sender: MessageSender) => void)[] = [];
  const onMessage = { addListener: (listener: (typeof listeners)[number]) => void listeners.push(listener) };
  const say = (sender: MessageSender, reports: unknown = '[]'): void => {
    for (const listener of listeners) listener({ kind: 'observed', reports }, sender);
  };
  return { runtime: { id: 'ours', onMessage } as unknown as RuntimeApi, say };
}

const app = 'https://app.example';
const isFramed = (origin: string): boolean => origin === app;
const sender = { id: 'ours', tab: { id: 7 }, frameId: 0, url: `${app}/` };

test.each([
  ['the top frame', sender, [0]],
  ['a frame that was chosen', { ...sender, frameId: 3 }, [3]],
  [
    'a frame of another origin, such as an authorization server’s',
    { ...sender, frameId: 3, url: 'https://as.example/' },
    [],
  ],
  ['a frame of which no address is known', { ...sender, frameId: 3, url: undefined }, []],
  ['another tab', { ...sender, tab: { id: 8 } }, []],
  ['another extension', { ...sender, id: 'other' }, []],
])('%s', (_, from, frames) => {
  const { runtime, say } = runtimeOf();
  const heard: number[] = [];
  watchObserver(runtime, 7, isFramed, ({ frame }) => heard.push(frame));
  say(from as MessageSender);
  expect(heard).toEqual(frames);
});

test('what the background relays is read as it was said', () => {
  const { runtime, say } = runtimeOf();
  const heard: unknown[] = [];
  relayObserver(runtime, isFramed, (tab, observed) => heard.push([tab, readObserved(observed)]));
  say({ ...sender, frameId: 3 }, '[1]');
  say({ ...sender, frameId: 4, url: 'https://as.example/' }, '[2]');
  expect(heard).toEqual([[7, { reports: '[1]', frame: 3 }]]);
  expect(readObserved('[1]')).toBeNull();
});

test('requests of two frames are not taken for one another’s', () => {
  const read: ScriptReport[] = [];
  const take = reportReader((reports) => read.push(...reports));
  const reports = JSON.stringify([{ kind: 'chunk', id: 1, at: 5, length: 3, event: null }]);
  for (const frame of [0, 1, 2 ** 31 + 1]) take({ reports, frame });
  const ids = read.map(({ id }) => id);
  expect(ids[0]).toBe(1);
  expect(ids.every(Number.isSafeInteger)).toBe(true);
  expect(new Set(ids.slice(0, 2)).size).toBe(2);
});
