import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asObject } from '../../src/capture/har-json.ts';
import type { Details, Stage } from '../../src/capture/webrequest.ts';
import { WireBook } from '../../src/capture/wire-book.ts';

const now = Date.parse('2026-01-01T00:00:00.000Z');
const base: Details = {
  requestId: '1',
  url: 'https://as.example/authorize?client_id=c&response_type=code&state=s',
  method: 'GET',
  tabId: 5,
  type: 'main_frame',
  timeStamp: now,
};
const headers = (fields: Record<string, string>) => Object.entries(fields).map(([name, value]) => ({ name, value }));

/** All events of a token request. */
function tokenRequest(requestId: string, tabId: number): [Stage, Details][] {
  const details: Details = {
    ...base,
    requestId,
    tabId,
    method: 'POST',
    type: 'xmlhttprequest',
    url: 'https://as.example/token',
    initiator: 'https://app.example',
  };
  const form = { grant_type: ['authorization_code'], code: ['abc'] };
  return [
    ['before', { ...details, requestBody: { formData: form } }],
    [
      'sent',
      { ...details, requestHeaders: headers({ 'content-type': 'application/x-www-form-urlencoded', cookie: 'sid=1' }) },
    ],
    [
      'answered',
      {
        ...details,
        statusCode: 200,
        statusLine: 'HTTP/1.1 200 OK',
        responseHeaders: headers({ 'content-type': 'application/json' }),
      },
    ],
    ['completed', { ...details, timeStamp: now + 30, statusCode: 200, statusLine: 'HTTP/1.1 200 OK' }],
  ];
}

const feed = (book: WireBook, events: readonly [Stage, Details][]): void => {
  for (const [stage, details] of events) book.take(stage, details);
};

test('events become a HAR entry, open once its answer began', () => {
  const book = new WireBook();
  const shown = tokenRequest('1', 5).map(([stage, details]) => book.take(stage, details)?.entry ?? null);
  expect(shown.map((entry) => entry?._pending ?? null)).toEqual([null, null, true, null]);
  expect(shown[3]).toMatchObject({
    time: 30,
    request: { method: 'POST', postData: { text: 'grant_type=authorization_code&code=abc' } },
    response: { status: 200, statusText: 'OK', content: { size: -1, mimeType: 'application/json' } },
  });
});

describe('a popup', () => {
  test('belongs to the session of its opener, and of that one, also when it is closed', () => {
    const book = new WireBook();
    book.opened(6, 5);
    book.opened(7, 6);
    feed(book, tokenRequest('1', 7));
    book.closed(7);
    expect(book.of(5)).toMatchObject([{ tab: 7, entry: { _context: 'popup' } }]);
    expect(book.of(6)).toHaveLength(1);
    expect(book.of(8)).toEqual([]);
  });

  test('whose opener is named late is found all the same', () => {
    const book = new WireBook();
    feed(book, tokenRequest('1', 7));
    expect(book.of(5)).toEqual([]);
    book.opened(7, 5);
    expect(book.of(5)).toHaveLength(1);
  });
});

test("a worker's requests belong to the tabs that show its origin", () => {
  const book = new WireBook();
  book.shows(5, 'https://app.example/chat');
  book.shows(6, 'https://other.example/');
  feed(book, tokenRequest('1', -1));
  expect(book.of(5)).toHaveLength(1);
  expect(book.of(6)).toEqual([]);
});

test('what is typed into a sign-in page is not kept', () => {
  const book = new WireBook();
  const login: Details = { ...base, method: 'POST', url: 'https://as.example/login' };
  const record = [
    book.take('before', { ...login, requestBody: { formData: { password: ['correct horse'] } } }),
    book.take('completed', { ...login, statusCode: 200 }),
  ];
  expect(JSON.stringify([record, book.changes()])).not.toContain('horse');
  expect(record[1]).not.toBeNull();
});

test('each redirect is an exchange; the browser’s own to the same address is not', () => {
  const book = new WireBook();
  book.take('before', base);
  book.take('redirected', { ...base, redirectUrl: base.url, statusCode: 0 });
  book.take('before', base);
  book.take('redirected', { ...base, statusCode: 302, redirectUrl: 'https://app.example/cb?code=1&state=s' });
  book.take('before', { ...base, url: 'https://app.example/cb?code=1&state=s' });
  book.take('completed', { ...base, url: 'https://app.example/cb?code=1&state=s', statusCode: 200 });
  expect(book.of(5).map(({ entry }) => asObject(entry.response).status)).toEqual([302, 200]);
});

test('a full ring drops calls first, counts what it drops, and says what is to be removed', () => {
  const book = new WireBook({ records: 4, size: 1e9, allSize: 1e9 });
  feed(book, tokenRequest('t', 5));
  for (let number = 0; number < 10; number += 1) {
    const details: Details = { ...base, requestId: `c${number}`, type: 'xmlhttprequest', url: 'https://s.example/mcp' };
    book.take('before', details);
    book.take('sent', { ...details, requestHeaders: headers({ 'mcp-protocol-version': '2025-11-25' }) });
    book.take('completed', { ...details, statusCode: 200 });
  }
  expect(book.of(5)).toHaveLength(4);
  expect(book.dropped).toBe(7);
  expect(book.of(5)[0]?.entry).toMatchObject({ request: { url: 'https://as.example/token' } });
});

test('a storm of what no rule needs leaves no trace, one of calls drops no authorization', () => {
  const book = new WireBook();
  const call = (number: number, header: string): void => {
    const url = `https://s.example/data?${number}`;
    const details: Details = { ...base, requestId: `c${number}`, type: 'xmlhttprequest', url };
    book.take('before', details);
    book.take('sent', { ...details, requestHeaders: headers({ [header]: 'x' }) });
    book.take('completed', { ...details, statusCode: 200 });
  };
  for (let number = 0; number < 10_000; number += 1) {
    call(number, 'accept');
    if (number % 500 === 0) feed(book, tokenRequest(`t${number}`, 5));
  }
  expect(book.of(5)).toHaveLength(20);
  expect(book.dropped).toBe(0);
  for (let number = 10_000; number < 20_000; number += 1) call(number, 'mcp-session-id');
  const kept = book.of(5).map(({ entry }) => asObject(entry.request).url);
  expect(kept.filter((url) => url === 'https://as.example/token')).toHaveLength(20);
  expect(kept.length).toBeLessThanOrEqual(400);
  expect(book.dropped).toBe(10_020 - kept.length);
});

test('a background that is ended at any moment goes on where it was', () => {
  const whole = new WireBook();
  const events = [...tokenRequest('1', 5), ...tokenRequest('2', 6), ...tokenRequest('3', 7)];
  whole.opened(7, 5);
  feed(whole, events);
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(events.length)), (ends) => {
      const stored: Record<string, unknown> = {};
      let book = new WireBook();
      book.opened(7, 5);
      for (const [at, [stage, details]] of events.entries()) {
        book.take(stage, details);
        const changes = book.changes();
        for (const key of changes?.remove ?? []) delete stored[key];
        Object.assign(stored, structuredClone(changes?.set ?? {}));
        if (!ends.includes(at)) continue;
        book = new WireBook();
        book.restore(structuredClone(stored));
      }
      expect(book.of(5)).toEqual(whole.of(5));
    }),
  );
});

test('nothing of a private window is written down', () => {
  const book = new WireBook();
  book.markPrivate(5);
  feed(book, tokenRequest('1', 5));
  expect(book.of(5)).toHaveLength(1);
  expect(JSON.stringify(book.changes()?.set ?? {})).not.toContain('abc');
});

describe('a glimpse of an answer', () => {
  const answer: Details = {
    ...base,
    type: 'xmlhttprequest',
    url: 'https://s.example/mcp',
    initiator: 'https://app.example',
    statusCode: 200,
    statusLine: 'HTTP/1.1 200 OK',
    responseHeaders: headers({ 'content-type': 'text/event-stream' }),
  };
  const json = headers({ 'content-type': 'application/json' });

  test('shows a stream that is open, of which the request is unknown', () => {
    const record = new WireBook().glimpse(answer);
    expect(record?.entry).toMatchObject({ _pending: true, request: { method: 'GET', headers: [] } });
  });

  test('that fails is no longer open', () => {
    const book = new WireBook();
    book.glimpse(answer);
    const entry = book.take('failed', { ...answer, error: 'net::ERR_ABORTED', timeStamp: now + 500 })?.entry;
    expect(entry).toMatchObject({ time: 500, _error: 'net::ERR_ABORTED' });
    expect(entry).not.toHaveProperty('_pending');
  });

  test('tells nothing of what a network log brings at once, but of a worker what matters', () => {
    const refused: Details = { ...answer, statusCode: 401, responseHeaders: json };
    expect(new WireBook().glimpse(refused)).toBeNull();
    expect(new WireBook().glimpse({ ...answer, tabId: -1, responseHeaders: json })).toBeNull();
    const record = new WireBook().glimpse({ ...refused, tabId: -1 });
    expect(record?.entry).toMatchObject({ response: { status: 401 } });
    expect(record?.entry).not.toHaveProperty('_pending');
  });

  test('adds nothing to what was seen from its beginning', () => {
    const book = new WireBook();
    // Two listeners hear it while one takes the other's place.
    for (const _ of [1, 2]) book.take('before', { ...answer, responseHeaders: undefined });
    expect(book.glimpse(answer)).toBeNull();
    expect(book.isUnderWay(5)).toBe(true);
    book.take('completed', answer);
    expect(book.isUnderWay(5)).toBe(false);
  });
});
