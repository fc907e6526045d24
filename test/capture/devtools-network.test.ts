import { describe, expect, test, vi } from 'vitest';
import { type FinishedRequest, wantsBody, watchNetwork } from '../../src/capture/devtools-network.ts';
import { readHar } from '../../src/exchange/read-har.ts';

type Listener = (request: FinishedRequest) => void;
type Answer = (content: string | null | undefined, encodingOrType?: string) => void;

function fakeNetwork() {
  const listeners = new Set<Listener>();
  return {
    api: {
      onRequestFinished: {
        addListener: (listener: Listener) => void listeners.add(listener),
        removeListener: (listener: Listener) => void listeners.delete(listener),
      },
    },
    finish: (request: FinishedRequest) => {
      for (const listener of listeners) listener(request);
    },
  };
}

function finished(url: string, mimeType: string, getContent: (answer: Answer) => void, more: object = {}) {
  const entry = { request: { method: 'GET', url }, response: { status: 200, content: { mimeType, size: 3 } }, ...more };
  return { ...entry, getContent } as FinishedRequest;
}

const textOf = (entry: unknown) => (entry as { response: { content: { text?: string } } }).response.content.text;
const urlOf = (entry: unknown) => (entry as { request: { url: string } }).request.url;

describe('watchNetwork', () => {
  test('fills in bodies and keeps the order of arrival when a body is slow', () => {
    const { api, finish } = fakeNetwork();
    const entries: unknown[] = [];
    watchNetwork(api, (entry) => entries.push(entry));
    let late: Answer = () => {};
    finish(finished('https://a.example/1', 'application/json', (answer) => (late = answer)));
    finish(finished('https://a.example/2', 'application/json', (answer) => answer('{}', '')));
    expect(entries).toEqual([]);
    late('[1]', '');
    expect(entries.map(urlOf)).toEqual(['https://a.example/1', 'https://a.example/2']);
    expect(entries.map(textOf)).toEqual(['[1]', '{}']);
  });

  test('gives up on a body that never comes, and takes no second answer', () => {
    vi.useFakeTimers();
    const { api, finish } = fakeNetwork();
    const entries: unknown[] = [];
    watchNetwork(api, (entry) => entries.push(entry), { wait: 100 });
    let late: Answer = () => {};
    finish(finished('https://a.example/1', '', (answer) => (late = answer)));
    vi.advanceTimersByTime(99);
    expect(entries).toHaveLength(0);
    vi.advanceTimersByTime(1);
    late('too late', '');
    expect(entries.map(textOf)).toEqual([undefined]);
    vi.useRealTimers();
  });

  test("reads Chromium's encoding and Firefox's media type from the second argument", () => {
    const { api, finish } = fakeNetwork();
    const contents: unknown[] = [];
    watchNetwork(api, (entry) => contents.push((entry as { response: { content: unknown } }).response.content));
    finish(finished('https://a.example/1', '', (answer) => answer('e30=', 'base64')));
    finish(finished('https://a.example/2', '', (answer) => answer('{}', 'application/json')));
    expect(contents).toEqual([
      { mimeType: '', size: 3, text: 'e30=', encoding: 'base64' },
      { mimeType: 'application/json', size: 3, text: '{}' },
    ]);
  });

  test('cuts what is longer than the setting, marks the cut, and follows the setting', () => {
    const { api, finish } = fakeNetwork();
    const entries: unknown[] = [];
    const limits = { longest: 8 };
    watchNetwork(api, (entry) => entries.push(entry), { longestBody: () => limits.longest });
    finish(finished('https://a.example/1', 'application/json', (answer) => answer('123456789', '')));
    finish(finished('https://a.example/2', '', (answer) => answer(btoa('{"a":[1,2]}'), 'base64')));
    limits.longest = 9;
    finish(finished('https://a.example/3', 'application/json', (answer) => answer('123456789', '')));
    const bodies = readHar({ log: { entries } }).exchanges.map(({ response }) => response.body);
    expect(bodies.map(({ state, text }) => [state, text])).toEqual([
      ['cut', '12345678'],
      ['cut', '{"a":['],
      ['whole', '123456789'],
    ]);
  });

  test('keeps no binary body, says that it was one, and takes text that nobody typed for text', () => {
    const { api, finish } = fakeNetwork();
    const entries: unknown[] = [];
    watchNetwork(api, (entry) => entries.push(entry));
    const bytes = String.fromCharCode(...Array.from({ length: 9_000 }, (_, at) => at % 256));
    finish(finished('https://a.example/1', '', (answer) => answer(btoa(bytes), 'base64')));
    finish(finished('https://a.example/2', '', (answer) => answer(btoa('{"access_token":"x"}'), 'base64')));
    expect(JSON.stringify(entries[0]).length).toBeLessThan(300);
    const bodies = readHar({ log: { entries } }).exchanges.map(({ response }) => response.body);
    expect(bodies.map(({ state, text }) => [state, text])).toEqual([
      ['binary', ''],
      ['whole', '{"access_token":"x"}'],
    ]);
  });

  test('in a storm the bodies of what no rule needs are asked for when it is over; those of authorization at once', () => {
    vi.useFakeTimers();
    const { api, finish } = fakeNetwork();
    const asked: string[] = [];
    const entries: unknown[] = [];
    watchNetwork(api, (entry) => entries.push(entry));
    const send = (url: string, more: object = {}): void => {
      const getContent = (answer: Answer): void => {
        asked.push(url);
        answer('{}', '');
      };
      finish(finished(url, 'application/json', getContent, more));
    };
    for (let number = 0; number < 1_000; number += 1) send(`https://a.example/data?${number}`);
    const form = { mimeType: '', text: 'grant_type=authorization_code&code=c' };
    const token = { method: 'POST', url: 'https://as.example/token', postData: form };
    send('https://as.example/token', { request: token });
    expect(asked.length).toBeLessThan(100);
    expect(asked.at(-1)).toBe('https://as.example/token');
    expect(entries.map(urlOf)).toEqual(asked);
    vi.advanceTimersByTime(10_000);
    expect(entries).toHaveLength(1_001);
    expect(entries.map(textOf)).toEqual(entries.map(() => '{}'));
    vi.useRealTimers();
  });

  test('a storm that does not end is recorded without the bodies of what no rule needs', () => {
    vi.useFakeTimers();
    const { api, finish } = fakeNetwork();
    const entries: unknown[] = [];
    watchNetwork(api, (entry) => entries.push(entry));
    for (let number = 0; number < 10_000; number += 1) {
      if (number % 10 === 0) vi.advanceTimersByTime(10);
      finish(finished(`https://a.example/data?${number}`, 'application/json', (answer) => answer('{}', '')));
    }
    const bodies = (): number => entries.filter((entry) => textOf(entry) !== undefined).length;
    expect(entries.length).toBeGreaterThan(7_000);
    expect(bodies()).toBeLessThan(100);
    const before = bodies();
    vi.advanceTimersByTime(60_000);
    expect(entries).toHaveLength(10_000);
    expect(bodies()).toBeGreaterThan(before + 1_500);
    vi.useRealTimers();
  });

  test('an interface that throws, or answers nothing, still yields the entry; functions are left out', () => {
    const { api, finish } = fakeNetwork();
    const entries: unknown[] = [];
    watchNetwork(api, (entry) => entries.push(entry));
    finish(
      finished('https://a.example/1', 'text/plain', () => {
        throw new Error('gone');
      }),
    );
    finish(finished('https://a.example/2', 'text/plain', (answer) => answer(undefined)));
    expect(entries.map(textOf)).toEqual([undefined, undefined]);
    expect(() => structuredClone(entries)).not.toThrow();
  });

  test('stops when told to', () => {
    const { api, finish } = fakeNetwork();
    const entries: unknown[] = [];
    watchNetwork(api, (entry) => entries.push(entry))();
    finish(finished('https://a.example/1', 'text/plain', (answer) => answer('x')));
    expect(entries).toEqual([]);
  });
});

describe('wantsBody', () => {
  const entry = (mimeType: unknown, more: object = {}) => ({
    request: { method: 'POST' },
    response: { status: 200, content: { mimeType } },
    ...more,
  });

  test.each([
    'application/json',
    'application/octet-stream',
    'text/event-stream',
    'text/html',
    'application/x-www-form-urlencoded',
    '',
    undefined,
    7,
  ])('of %s', (type) => expect(wantsBody(entry(type))).toBe(true));

  test.each([
    'text/css',
    'text/javascript',
    'application/javascript',
    'image/png',
    'font/woff2',
    'video/mp4',
    'application/zip',
  ])('not of %s', (type) => expect(wantsBody(entry(type))).toBe(false));

  test('not of scripts, preflights and answers without a body, whatever their type says', () => {
    expect(wantsBody(entry('application/json', { _resourceType: 'script' }))).toBe(false);
    expect(wantsBody(entry('application/json', { request: { method: 'OPTIONS' } }))).toBe(false);
    expect(wantsBody(entry('', { response: { status: 204, content: {} } }))).toBe(false);
    expect(wantsBody(null)).toBe(true);
  });
});
