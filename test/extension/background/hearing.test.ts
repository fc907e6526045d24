import { expect, test } from 'vitest';
import type { Details } from '../../../src/capture/webrequest.ts';
import { Calls } from '../../../src/extension/background/calls.ts';

interface Heard {
  readonly filter: { readonly tabId?: number; readonly types: readonly string[] };
  readonly listener: (details: Details) => unknown;
}

/** A browser with these tabs, in which so many requests of a tab are under way. */
function browserOf(tabs: number[], underWay = new Set<number>(), knowsWorkers = false) {
  const heard = new Map<string, Heard[]>();
  const event = (name: string) => ({
    addListener: (listener: Heard['listener'], filter: Heard['filter']) =>
      void heard.set(name, [...(heard.get(name) ?? []), { listener, filter }]),
    removeListener: (listener: Heard['listener']) =>
      void heard.set(
        name,
        (heard.get(name) ?? []).filter((one) => one.listener !== listener),
      ),
  });
  const names = ['onBeforeRequest', 'onSendHeaders', 'onHeadersReceived', 'onBeforeRedirect'];
  const api = Object.fromEntries([...names, 'onCompleted', 'onErrorOccurred'].map((name) => [name, event(name)]));
  const created: ((tab: { id?: number }) => void)[] = [];
  const removed: ((tab: number) => void)[] = [];
  const calls = new Calls(
    api,
    {
      query: async () => tabs.map((id) => ({ id })),
      onCreated: { addListener: (listener) => void created.push(listener) },
      onRemoved: { addListener: (listener) => void removed.push(listener) },
    },
    () => undefined,
    (tab) => underWay.has(tab),
    () => knowsWorkers,
  );
  /** Of each event, the tabs in which it is heard; `any`: everywhere. */
  const listened = (name = 'onBeforeRequest') => (heard.get(name) ?? []).map(({ filter }) => filter.tabId ?? 'any');
  const end = (tabId: number) => {
    underWay.delete(tabId);
    for (const { filter, listener } of heard.get('onCompleted') ?? [])
      if (filter.tabId === undefined || filter.tabId === tabId) listener({ tabId } as Details);
  };
  return {
    calls,
    listened,
    end,
    create: (id: number) => {
      for (const listener of created) listener({ id });
    },
    remove: (id: number) => {
      for (const listener of removed) listener(id);
    },
  };
}

test('without DevTools all calls are heard, those of workers too', () => {
  expect(browserOf([1, 2]).listened()).toEqual(['any']);
});

test('what a DevTools page hears itself is left to it, in that tab alone and as long as it is there', async () => {
  const { calls, listened, create, remove } = browserOf([1, 2, 3]);
  await calls.cover(new Set([2]));
  expect(listened()).toEqual([1, 3]);
  create(4);
  remove(1);
  expect(listened()).toEqual([3, 4]);
  await calls.cover(new Set());
  expect(listened()).toEqual(['any']);
});

test('what is under way is heard to its end', async () => {
  const { calls, listened, end } = browserOf([1, 2], new Set([2]));
  await calls.cover(new Set([2]));
  expect(listened()).toEqual([1]);
  expect(listened('onCompleted')).toEqual([1, 2]);
  end(2);
  expect(listened('onCompleted')).toEqual([1]);
});

test('where workers matter all are heard, those of a tab that is opened too, and once', async () => {
  const { calls, listened, create } = browserOf([1, 2], new Set(), true);
  await calls.cover(new Set([2]));
  create(3);
  expect(listened()).toEqual(['any']);
});

test('of very many tabs all are heard', async () => {
  const { calls, listened } = browserOf(Array.from({ length: 200 }, (_, at) => at));
  await calls.cover(new Set([2]));
  expect(listened()).toEqual(['any']);
});

test('a DevTools page that comes and goes at once leaves all calls heard', async () => {
  const { calls, listened } = browserOf([1, 2]);
  await Promise.all([calls.cover(new Set([2])), calls.cover(new Set())]);
  expect(listened()).toEqual(['any']);
});
