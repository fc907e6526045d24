import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Json } from '../../../src/capture/har-json.ts';
import type { Details } from '../../../src/capture/webrequest.ts';
import { Answers } from '../../../src/extension/devtools/answers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Listener = (details: Details) => unknown;
interface Filter {
  readonly urls: readonly string[];
}

/** The browser's event of answers that begin, and how often a listener was called for one. */
function browser() {
  const listeners = new Map<Listener, Filter>();
  const taken: string[] = [];
  let called = 0;
  const event = {
    addListener: (listener: Listener, filter: Filter) => void listeners.set(listener, filter),
    removeListener: (listener: Listener) => void listeners.delete(listener),
  };
  const none = { addListener: () => undefined, removeListener: () => undefined };
  const api = { onHeadersReceived: event, onErrorOccurred: none };
  const answers = new Answers(api, (_, { url }) => void taken.push(url) as undefined);
  const matches = ({ urls }: Filter, url: string): boolean =>
    urls.some((pattern) => pattern === '*://*/*' || url.startsWith(pattern.slice(0, -1)));
  /** An answer begins; the network log brings it when it has ended. */
  const answer = (url: string, accept = 'application/json'): void => {
    for (const [listener, filter] of [...listeners])
      if (matches(filter, url)) {
        called += 1;
        listener({ url } as Details);
      }
    answers.finished();
    answers.meet(entry(url, accept));
  };
  return { answers, answer, taken, called: () => called };
}

const entry = (url: string, accept: string): Json => ({
  request: { method: 'POST', url, headers: [{ name: 'Accept', value: accept }] },
});
const streams = 'application/json, text/event-stream';

test('what comes no faster than twelve a second is all heard', () => {
  const { answer, taken } = browser();
  for (let one = 0; one < 500; one += 1) {
    answer(`https://a.example/${one}`);
    vi.advanceTimersByTime(80);
  }
  expect(taken).toHaveLength(500);
});

test('of a burst little is heard; who was asked for a stream before is heard all along', () => {
  const { answer, taken, called } = browser();
  answer('https://mcp.example/mcp', streams);
  for (let one = 0; one < 2_000; one += 1) {
    answer(`https://a.example/${one}`);
    if (one % 100 === 0) answer('https://mcp.example/mcp', streams);
    vi.advanceTimersByTime(2);
  }
  expect(taken.filter((url) => url === 'https://mcp.example/mcp')).toHaveLength(21);
  expect(called()).toBeLessThan(200);
});

test('a server that is met in a burst is heard from then on', () => {
  const { answer, answers, taken } = browser();
  for (let one = 0; one < 200; one += 1) answer(`https://a.example/${one}`);
  answer('https://mcp.example/mcp', streams);
  answer('https://mcp.example/mcp', streams);
  answers.meet(entry('https://other.example/mcp', streams));
  answer('https://other.example/mcp', streams);
  expect(taken.slice(-2)).toEqual(['https://mcp.example/mcp', 'https://other.example/mcp']);
});

test('once it is calm all are heard again', () => {
  const { answer, taken } = browser();
  for (let one = 0; one < 200; one += 1) answer(`https://a.example/${one}`);
  vi.advanceTimersByTime(2_500);
  answer('https://b.example/');
  expect(taken.at(-1)).toBe('https://b.example/');
  expect(vi.getTimerCount()).toBe(0);
});
