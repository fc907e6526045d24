import { expect, test } from 'vitest';
import type { Details } from '../../../src/capture/webrequest.ts';
import { Hearing } from '../../../src/extension/background/hearing.ts';

interface Heard {
  readonly filter: { readonly tabId?: number; readonly types: readonly string[] };
  readonly extra: readonly string[];
  readonly listener: (details: Details) => unknown;
}

/** A browser with these tabs, in which requests of some are under way; tab 2 opens others. */
function browserOf(tabs: number[], underWay = new Set<number>(), holdsWorkers = false) {
  const opened = new Set<number>();
  const heard = new Map<string, Heard[]>();
  const event = (name: string) => ({
    addListener: (listener: Heard['listener'], filter: Heard['filter'], extra: Heard['extra'] = []) =>
      void heard.set(name, [...(heard.get(name) ?? []), { listener, filter, extra }]),
    removeListener: (listener: Heard['listener']) =>
      void heard.set(
        name,
        (heard.get(name) ?? []).filter((one) => one.listener !== listener),
      ),
  });
  const names = ['onBeforeRequest', 'onSendHeaders', 'onHeadersReceived', 'onBeforeRedirect'];
  const api = {
    OnSendHeadersOptions: { EXTRA_HEADERS: 'extraHeaders' },
    ...Object.fromEntries([...names, 'onCompleted', 'onErrorOccurred'].map((name) => [name, event(name)])),
  };
  const created: ((tab: { id?: number }) => void)[] = [];
  const removed: ((tab: number) => void)[] = [];
  const hearing = new Hearing(
    api,
    {
      query: async () => tabs.map((id) => ({ id })),
      onCreated: { addListener: (listener) => void created.push(listener) },
      onRemoved: { addListener: (listener) => void removed.push(listener) },
    },
    () => undefined,
    {
      isUnderWay: (tab) => underWay.has(tab),
      holdsWorkers,
      concerns: ({ tab }, viewer) => tab === viewer || (viewer === 2 && opened.has(tab)),
    },
  );
  /** Of each event, the tabs in which it is heard of calls; `any`: everywhere. */
  const listened = (name = 'onBeforeRequest') =>
    (heard.get(name) ?? []).flatMap(({ filter }) =>
      filter.types.includes('xmlhttprequest') ? [filter.tabId ?? 'any'] : [],
    );
  /** Whose documents are heard; a star: with every header. */
  const documents = () =>
    (heard.get('onSendHeaders') ?? []).flatMap(({ filter, extra }) =>
      filter.types.includes('main_frame')
        ? [`${filter.tabId ?? 'any'}${extra.includes('extraHeaders') ? '*' : ''}`]
        : [],
    );
  /** Whether anything costs every request of the browser. */
  const isCostly = () => [...heard.values()].flat().some(({ extra }) => extra.includes('extraHeaders'));
  const end = (tabId: number) => {
    underWay.delete(tabId);
    for (const { filter, listener } of heard.get('onCompleted') ?? [])
      if (filter.tabId === undefined || filter.tabId === tabId) listener({ tabId } as Details);
  };
  return {
    hearing,
    listened,
    documents,
    isCostly,
    open: (id: number) => {
      opened.add(id);
      hearing.opened(id);
    },
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
  const { listened, documents } = browserOf([1, 2]);
  expect([listened(), documents()]).toEqual([['any'], ['any*']]);
});

test('while a DevTools page listens nothing is asked for that costs every request, but of windows that its tab opens', async () => {
  const { hearing, create, open, remove, listened, documents, isCostly } = browserOf([1, 2]);
  await hearing.cover(new Set([2]));
  create(3);
  expect([listened(), documents(), isCostly()]).toEqual([[1, 3], ['any'], false]);
  open(3);
  expect([listened(), documents()]).toEqual([
    [1, 3],
    ['any', '3*'],
  ]);
  remove(3);
  expect([listened(), documents(), isCostly()]).toEqual([[1], ['any'], false]);
});

test('a window that was opened before its DevTools page listened is heard whole', async () => {
  const { hearing, open, documents, listened } = browserOf([1, 2, 3]);
  open(3);
  expect(documents()).toEqual(['any*']);
  await hearing.cover(new Set([2]));
  expect([listened(), documents()]).toEqual([
    [1, 3],
    ['any', '3*'],
  ]);
});

test('what a DevTools page hears itself is left to it, in that tab alone and as long as it is there', async () => {
  const { hearing, listened, create, remove } = browserOf([1, 2, 3]);
  await hearing.cover(new Set([2]));
  expect(listened()).toEqual([1, 3]);
  create(4);
  remove(1);
  expect(listened()).toEqual([3, 4]);
  await hearing.cover(new Set());
  expect(listened()).toEqual(['any']);
});

test('what is under way is heard to its end', async () => {
  const { hearing, listened, end } = browserOf([1, 2], new Set([2]));
  await hearing.cover(new Set([2]));
  expect(listened()).toEqual([1]);
  expect(listened('onCompleted')).toEqual([1, 2]);
  end(2);
  expect(listened('onCompleted')).toEqual([1]);
});

test('where workers matter all are heard, those of a tab that is opened too, and once', async () => {
  const { hearing, listened, create } = browserOf([1, 2], new Set(), true);
  await hearing.cover(new Set([2]));
  create(3);
  expect(listened()).toEqual(['any']);
});

test('of very many tabs all are heard', async () => {
  const { hearing, listened, create, isCostly } = browserOf(Array.from({ length: 200 }, (_, at) => at));
  await hearing.cover(new Set([2]));
  create(300);
  expect([listened(), isCostly()]).toEqual([['any'], false]);
});

test('a DevTools page that comes and goes at once leaves all calls heard', async () => {
  const { hearing, listened } = browserOf([1, 2]);
  await Promise.all([hearing.cover(new Set([2])), hearing.cover(new Set())]);
  expect(listened()).toEqual(['any']);
});
