import { expect, test, vi } from 'vitest';
import type { Details } from '../../../src/capture/webrequest.ts';
import type { Told } from '../../../src/capture/wire-book.ts';
import { watchHere } from '../../../src/extension/devtools/own-watch.ts';
import type { WebExtension } from '../../../src/extension/web-extension.ts';

interface Filter {
  readonly types: readonly string[];
  readonly tabId?: number;
}

const details: Details = {
  requestId: '1',
  url: 'https://s.example/mcp',
  method: 'POST',
  tabId: 7,
  type: 'xmlhttprequest',
  timeStamp: Date.parse('2026-01-01T00:00:00Z'),
  initiator: 'https://app.example',
  statusCode: 200,
  responseHeaders: [{ name: 'content-type', value: 'text/event-stream' }],
};

/** A DevTools page of tab 7, which shows `https://app.example`. */
function page() {
  const heard: { name: string; filter: Filter; extra: readonly string[]; listener(details: Details): unknown }[] = [];
  const event = (name: string) => ({
    addListener: (listener: (details: Details) => unknown, filter: Filter, extra: readonly string[] = []) =>
      void heard.push({ name, filter, extra, listener }),
    removeListener: (listener: (details: Details) => unknown) =>
      void heard.splice(
        heard.findIndex((one) => one.listener === listener),
        1,
      ),
  });
  const opened: ((details: { tabId: number; sourceTabId: number }) => void)[] = [];
  const removed: ((tab: number) => void)[] = [];
  const names = ['onBeforeRequest', 'onSendHeaders', 'onHeadersReceived', 'onBeforeRedirect'];
  const webRequest = {
    OnSendHeadersOptions: { EXTRA_HEADERS: 'extraHeaders' },
    ...Object.fromEntries([...names, 'onCompleted', 'onErrorOccurred'].map((name) => [name, event(name)])),
  };
  const records: Told[] = [];
  const listens = vi.fn();
  const extension = {
    webRequest,
    webNavigation: { onCreatedNavigationTarget: { addListener: (one: (typeof opened)[number]) => opened.push(one) } },
    tabs: { onRemoved: { addListener: (one: (typeof removed)[number]) => removed.push(one) } },
  };
  const own = watchHere(extension as unknown as WebExtension, 7, (told) => records.push(...told), listens);
  const happen = (name: string, one: Details): void => {
    for (const { name: of, filter, listener } of [...heard])
      if (of === name && filter.types.includes(one.type) && (filter.tabId ?? one.tabId) === one.tabId) listener(one);
  };
  happen('onBeforeRequest', { ...details, requestId: '0', type: 'main_frame', url: 'https://app.example/' });
  /** What is heard of calls with all that is sent: in which tab, or everywhere. */
  const whole = (): (number | 'any')[] =>
    heard.flatMap(({ name, filter }) =>
      name === 'onSendHeaders' && filter.types.includes('xmlhttprequest') ? [filter.tabId ?? 'any'] : [],
    );
  /** Where something is asked for that costs every request of the browser. */
  const costly = (): (number | 'any')[] =>
    heard.flatMap(({ extra, filter }) => (extra.includes('extraHeaders') ? [filter.tabId ?? 'any'] : []));
  const open = (tabId: number, sourceTabId: number): void => {
    for (const one of opened) one({ tabId, sourceTabId });
  };
  const close = (tab: number): void => {
    for (const one of removed) one(tab);
  };
  return { own, records, listens, happen, whole, heard, costly, open, close };
}

test('of the tab itself only streams are told, and nothing costly is asked for', () => {
  const { records, happen, whole, heard, listens, costly } = page();
  happen('onHeadersReceived', { ...details, responseHeaders: [{ name: 'content-type', value: 'application/json' }] });
  expect(records).toEqual([]);
  happen('onHeadersReceived', details);
  expect(records).toMatchObject([{ entry: { _pending: true } }]);
  expect([whole(), costly()]).toEqual([[], []]);
  const ofCalls = heard.filter(({ filter }) => filter.types.includes('xmlhttprequest'));
  expect(ofCalls.map(({ name, extra }) => [name, ...extra])).toEqual([
    ['onHeadersReceived', 'responseHeaders'],
    ['onErrorOccurred'],
  ]);
  expect(listens).toHaveBeenCalledOnce();
});

test('windows that its page opens are heard whole, until they are gone', () => {
  const { open, close, costly, records, happen } = page();
  open(9, 8);
  expect(costly()).toEqual([]);
  open(9, 7);
  expect(new Set(costly())).toEqual(new Set([9]));
  happen('onBeforeRequest', {
    ...details,
    tabId: 9,
    type: 'main_frame',
    url: 'https://as.example/authorize?client_id=c',
  });
  const answer = { ...details, tabId: 9, type: 'main_frame', url: 'https://as.example/authorize?client_id=c' };
  happen('onHeadersReceived', answer);
  expect(records.at(-1)).toMatchObject({ tab: 9, entry: { _context: 'popup' } });
  vi.useFakeTimers();
  close(9);
  happen('onErrorOccurred', { ...answer, error: 'net::ERR_ABORTED' });
  expect(records.at(-1)).toMatchObject({ entry: { _error: 'net::ERR_ABORTED' } });
  vi.advanceTimersByTime(5_000);
  vi.useRealTimers();
  expect(costly()).toEqual([]);
});

test('where the browser gives the page nothing to listen to, the background goes on', () => {
  const listens = vi.fn();
  watchHere({} as WebExtension, 7, () => undefined, listens);
  expect(listens).not.toHaveBeenCalled();
});

test.each([
  ['its script', 'onBeforeRequest', { type: 'script', url: 'https://app.example/worker.js' }],
  ['a request of one that ran already', 'onHeadersReceived', {}],
])('a worker of the page is heard whole from its first sign: %s', (_, name, more) => {
  const { happen, whole } = page();
  happen(name, { ...details, tabId: -1, ...more });
  happen(name, { ...details, tabId: -1, ...more });
  expect(whole()).toEqual(['any']);
});

test("another site's worker is nobody's business", () => {
  const { happen, whole, records } = page();
  happen('onBeforeRequest', { ...details, tabId: -1, type: 'script', url: 'https://other.example/worker.js' });
  happen('onHeadersReceived', { ...details, tabId: -1, initiator: 'https://other.example' });
  expect([whole(), records]).toEqual([[], []]);
});

test.each([
  ['its script', { request: { method: 'GET', headers: [{ name: 'Sec-Fetch-Dest', value: 'worker' }] } }],
  ['a POST without Origin', { _resourceType: 'fetch', request: { method: 'POST', headers: [] } }],
])('a dedicated worker is heard whole once the network log shows it: %s', (_, entry) => {
  const { own, whole } = page();
  own.network({ _resourceType: 'fetch', request: { method: 'POST', headers: [{ name: 'origin', value: 'x' }] } });
  expect(whole()).toEqual([]);
  own.network(entry);
  expect(whole()).toEqual([7]);
});
