import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange, Problem } from '../../src/exchange/exchange.ts';
import { header, headerValues } from '../../src/exchange/exchange.ts';
import { creatorOf, readEntry, readHar } from '../../src/exchange/read-har.ts';

const AT = '2026-11-02T09:00:00.000Z';

function entry(changes: object = {}): object {
  return {
    startedDateTime: AT,
    time: 20,
    request: { method: 'get', url: 'https://a.example/x', headers: [] },
    response: {
      status: 200,
      statusText: 'OK',
      headers: [],
      content: { size: 2, mimeType: 'application/json', text: '{}' },
    },
    ...changes,
  };
}

function read(raw: unknown, before = 0): { readonly exchange: Exchange; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  return { exchange: readEntry(raw, 3, problems, before), problems };
}

function response(changes: object): Exchange['response'] {
  return read(entry({ response: { status: 200, headers: [], ...changes } })).exchange.response;
}

function request(changes: object): Exchange['request'] {
  return read(entry({ request: { method: 'POST', url: 'https://a.example/x', headers: [], ...changes } })).exchange
    .request;
}

describe('the log', () => {
  it('is read from a document or from its log object', () => {
    const log = { creator: { name: 'WebInspector', version: '537.36' }, entries: [entry()] };
    expect(readHar({ log }).exchanges).toHaveLength(1);
    expect(readHar(log).exchanges).toHaveLength(1);
    expect(readHar({ log }).creator).toBe('WebInspector 537.36');
    expect(readHar({ log }).log).toBe(log);
  });
  it.each([null, 1, 'x', [], {}, { log: 1 }, { log: [] }])('that is none is one problem: %j', (document) => {
    expect(readHar(document)).toMatchObject({ exchanges: [], log: null, problems: [{ entry: -1, field: 'log' }] });
  });
  it('without entries is a problem of the log', () => {
    expect(readHar({ log: { entries: 'many' } }).problems).toEqual([
      { entry: -1, field: 'log.entries', problem: 'not an array' },
    ]);
  });
  it.each([undefined, null, 1, [], { name: 1 }, {}])('names no creator when it has none: %j', (creator) => {
    expect(creatorOf({ creator })).toBe('');
  });
});

describe('an entry', () => {
  it.each([undefined, null, 'x', 7, []])('that is no object still stands in its place: %j', (raw) => {
    const { exchange, problems } = read(raw, 42);
    expect(exchange).toMatchObject({ entry: 3, sent: 42, answered: 42, method: '', url: '', response: { status: 0 } });
    expect(problems.map(({ field }) => field)).toEqual(['', 'request', 'response', 'request.url', 'startedDateTime']);
    expect(problems.every((problem) => problem.entry === 3)).toBe(true);
  });
  it.each(['request', 'response'])('whose %s is null says so', (field) => {
    expect(read(entry({ [field]: null })).problems).toContainEqual({ entry: 3, field, problem: 'not an object' });
  });
  it('has its method in upper case and its URL as it is', () => {
    const { exchange } = read(entry());
    expect([exchange.method, exchange.url]).toEqual(['GET', 'https://a.example/x']);
  });
  it.each([Number.NaN, 'yesterday', '', null, {}, Number.POSITIVE_INFINITY])(
    'with the time %j has that of the entry before',
    (startedDateTime) => {
      const { exchange, problems } = read(entry({ startedDateTime }), 5000);
      expect(exchange.sent).toBe(5000);
      expect(problems.map(({ field }) => field)).toEqual(['startedDateTime']);
    },
  );
  it.each([
    ['that says so', { _headersLeftOut: true }, true],
    ['of a script that posts without Origin', { _resourceType: 'fetch', request: { method: 'POST' } }, true],
    ['that is open still', { _resourceType: 'fetch', _pending: true, request: { method: 'POST' } }, false],
    ['of a document', { _resourceType: 'document', request: { method: 'POST' } }, false],
    ['of a script that gets', { _resourceType: 'fetch', request: { method: 'GET' } }, false],
    [
      'of a script that names its page',
      {
        _resourceType: 'fetch',
        request: { method: 'POST', headers: [{ name: 'Origin', value: 'https://app.example' }] },
      },
      false,
    ],
  ])('%s has header fields left out, or has not', (_, changes, leftOut) => {
    expect(read(entry(changes)).exchange.headersLeftOut).toBe(leftOut);
  });
  it('keeps the fractions of a millisecond that order depends on', () => {
    const sent = (text: string): number => read(entry({ startedDateTime: text })).exchange.sent;
    expect(sent('2026-11-02T09:00:00.123456Z') - sent('2026-11-02T09:00:00.123Z')).toBeCloseTo(0.456, 3);
    expect(sent('2026-11-02T10:00:00.1+01:00')).toBe(sent('2026-11-02T09:00:00.100Z'));
  });
  it.each([Number.NaN, -5, '20', null, undefined, Number.POSITIVE_INFINITY])(
    'with the duration %j ends when it was sent',
    (time) => {
      const { exchange } = read(entry({ time }));
      expect(exchange.answered).toBe(exchange.sent);
    },
  );
  it.each([
    ['preflight by its type', { _resourceType: 'Preflight' }, 'preflight'],
    ['request', {}, 'request'],
  ])('is a %s', (_, changes, part) => {
    expect(read(entry(changes)).exchange.part).toBe(part);
  });
  it('is a preflight by what it asks (Fetch, CORS-preflight), and OPTIONS alone is none', () => {
    const asking = {
      method: 'OPTIONS',
      url: 'https://a.example/',
      headers: [{ name: 'Access-Control-Request-Method', value: 'POST' }],
    };
    expect(read(entry({ request: asking })).exchange.part).toBe('preflight');
    expect(read(entry({ request: { ...asking, headers: [] } })).exchange.part).toBe('request');
  });
  it.each([
    [{ pageref: 'page_2' }, 'page_2'],
    [{ _tab: 7 }, 'tab 7'],
    [{ _tab: 'left' }, 'left'],
    [{}, null],
    [{ pageref: 9 }, null],
  ])('of %j belongs to the page %j', (changes, page) => {
    expect(read(entry(changes)).exchange.page).toBe(page);
  });
  it('from a cache says so, also by 304', () => {
    expect(read(entry({ _fromCache: 'disk' })).exchange.fromCache).toBe(true);
    expect(read(entry({ response: { status: 304, headers: [] } })).exchange.fromCache).toBe(true);
    expect(read(entry()).exchange.fromCache).toBe(false);
  });
});

describe('a status', () => {
  it.each([-1, 0, 1000, undefined, null, Number.NaN, '200', 2.5])('of %j is no response seen', (status) => {
    expect(response({ status }).status).toBe(0);
  });
  it('of the wrong type is a problem, a missing one is not', () => {
    const fields = (status: unknown): string[] =>
      read(entry({ response: { status, headers: [] } })).problems.map(({ field }) => field);
    expect(fields('200')).toEqual(['response.status']);
    expect(fields(undefined)).toEqual([]);
  });
  it.each([
    [{ _error: 'net::ERR_FAILED' }, {}],
    [{}, { _error: 'net::ERR_FAILED' }],
    [{}, { _failureText: 'net::ERR_FAILED' }],
    [{ _failureText: 'net::ERR_FAILED' }, {}],
  ])('comes with the transport error wherever a recorder puts it: %j %j', (ofEntry, ofResponse) => {
    const { exchange } = read(entry({ response: { status: -1, headers: [], ...ofResponse }, ...ofEntry }));
    expect([exchange.response.status, exchange.error]).toEqual([0, 'net::ERR_FAILED']);
  });
});

describe('headers', () => {
  it('keep order and repetitions, and are found whatever their case', () => {
    const { headers } = response({
      headers: [
        { name: 'WWW-Authenticate', value: 'Basic' },
        { name: 'www-authenticate', value: 'Bearer' },
      ],
    });
    expect(headerValues(headers, 'Www-Authenticate')).toEqual(['Basic', 'Bearer']);
    expect(header(headers, 'WWW-AUTHENTICATE')).toBe('Basic, Bearer');
    expect(header(headers, 'date')).toBeNull();
  });
  it('that cannot be read are problems, the others stay', () => {
    const headers = [null, { name: 'a' }, { name: 1, value: 'b' }, { name: '__proto__', value: 'c' }, 'x'];
    const { exchange, problems } = read(entry({ response: { status: 200, headers } }));
    expect(exchange.response.headers).toEqual([{ name: '__proto__', value: 'c' }]);
    expect(problems.map(({ field }) => field)).toEqual(Array(4).fill('response.headers'));
    expect(read(entry({ response: { status: 200, headers: 'none' } })).problems).toHaveLength(1);
  });
  it('name where a redirect leads, the Location before redirectURL', () => {
    const location = [{ name: 'location', value: '/there' }];
    expect(response({ status: 302, headers: location, redirectURL: 'https://b.example/' }).location).toBe('/there');
    expect(response({ status: 302, redirectURL: 'https://b.example/' }).location).toBe('https://b.example/');
    expect(response({ redirectURL: '' }).location).toBeNull();
  });
});

describe('a request body', () => {
  it('is its text', () => {
    expect(request({ postData: { mimeType: 'Application/JSON; charset=utf-8', text: '{}' } }).body).toEqual({
      state: 'whole',
      text: '{}',
      mimeType: 'application/json',
      size: null,
    });
  });
  it.each([
    ['plain', [{ name: 'scope', value: 'a b+c' }]],
    ['encoded', [{ name: 'scope', value: 'a%20b%2Bc' }]],
  ])('is made of params that are %s', (_, params) => {
    const { body } = request({ postData: { params } });
    expect(body.mimeType).toBe('application/x-www-form-urlencoded');
    expect(new URLSearchParams(body.text).get('scope')).toBe('a b+c');
  });
  it('takes params in place of an empty text, and a bad escape for itself', () => {
    expect(
      request({ postData: { text: '', params: [{ name: 'a', value: '100%' }, null, { value: 'b' }] } }).body.text,
    ).toBe('a=100%25');
  });
  it.each([
    [{ bodySize: 10 }, 'missing'],
    [{ headers: [{ name: 'Content-Length', value: '9' }] }, 'missing'],
    [{}, 'absent'],
    [{ method: 'GET', bodySize: 10 }, 'absent'],
    [{ postData: { mimeType: 'x/y' } }, 'missing'],
    [{ headers: [{ name: 'content-type', value: 'application/json' }] }, 'missing'],
    [{ postData: { text: '' }, headers: [{ name: 'content-type', value: 'application/json' }] }, 'missing'],
    [{ postData: { params: [] }, headers: [{ name: 'content-type', value: 'application/json' }] }, 'missing'],
    [{ postData: { text: '' }, bodySize: 0, headers: [{ name: 'content-type', value: 'text/plain' }] }, 'whole'],
  ])('of %j is %s', (changes, state) => {
    expect(request(changes).body.state).toBe(state);
  });
});

describe('a response body', () => {
  const base64 = (bytes: readonly number[]): string => Buffer.from(bytes).toString('base64');
  it.each([
    ['text', { text: 'é' }, 'whole', 'é'],
    ['base64 text', { text: Buffer.from('é').toString('base64'), encoding: 'Base64' }, 'whole', 'é'],
    ['base64 bytes', { text: base64([0xff, 0xfe, 0x80]), encoding: 'base64' }, 'binary', ''],
    ['no base64 at all', { text: '***', encoding: 'base64' }, 'binary', ''],
    ['cut base64', { text: base64([0x61, 0xc3]), encoding: 'base64', _truncated: true }, 'cut', 'a\ufffd'],
    ['cut text', { text: '{"a', _cut: true }, 'cut', '{"a'],
    ['a lone surrogate', { text: '\ud800' }, 'whole', '\ud800'],
  ])('is read from %s', (_, content, state, text) => {
    expect(response({ content }).body).toMatchObject({ state, text });
  });
  it.each([
    [{ status: 204 }, 'absent'],
    [{ status: 0 }, 'absent'],
    [{ status: 205 }, 'absent'],
    [{ content: { size: 0 } }, 'missing'],
    [{ content: { size: 0, text: '' } }, 'absent'],
    [{ status: 401, content: { size: 0 } }, 'missing'],
    [{ status: 400, content: { size: 0 }, headers: [{ name: 'content-type', value: 'application/json' }] }, 'missing'],
    [
      { status: 401, content: { size: 0, text: '' }, headers: [{ name: 'content-type', value: 'text/plain' }] },
      'absent',
    ],
    [{ status: 302, content: { size: 0 } }, 'absent'],
    [{ content: { size: 0 }, headers: [{ name: 'content-type', value: 'application/json' }] }, 'missing'],
    [{ content: { size: 0, text: '' }, headers: [{ name: 'content-type', value: 'application/json' }] }, 'missing'],
    [{ status: 202, content: { size: 0 }, headers: [{ name: 'content-type', value: 'text/plain' }] }, 'missing'],
    [
      {
        content: { size: 0 },
        headers: [
          { name: 'content-type', value: 'application/json' },
          { name: 'content-length', value: '0' },
        ],
      },
      'absent',
    ],
    [{ content: { size: 10 } }, 'missing'],
    [{}, 'missing'],
    [{ content: null }, 'missing'],
  ])('that the record lacks is told by %j: %s', (changes, state) => {
    expect(response(changes).body.state).toBe(state);
  });
  it('of the wrong type is a problem', () => {
    const { problems } = read(entry({ response: { status: 200, headers: [], content: { text: 5 } } }));
    expect(problems).toEqual([{ entry: 3, field: 'response.content.text', problem: 'not a string' }]);
  });
  it('of many megabytes is read in time to its length', () => {
    const text = 'x'.repeat(20_000_000);
    expect(response({ content: { text } }).body.text).toHaveLength(text.length);
  });
});

describe('hostile input', () => {
  const strange = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.double(), fc.string({ unit: 'binary' }));
  const part = fc.record(
    {
      method: strange,
      url: strange,
      status: strange,
      headers: fc.oneof(strange, fc.array(fc.record({ name: strange, value: strange }, { requiredKeys: [] }))),
      postData: fc.oneof(
        strange,
        fc.record({ text: strange, params: strange, encoding: strange }, { requiredKeys: [] }),
      ),
      content: fc.oneof(strange, fc.record({ text: strange, encoding: strange, size: strange }, { requiredKeys: [] })),
      redirectURL: strange,
    },
    { requiredKeys: [] },
  );
  const entries = fc.array(
    fc.oneof(
      strange,
      fc.record(
        {
          startedDateTime: strange,
          time: strange,
          request: part,
          response: part,
          _fetchedViaServiceWorker: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    ),
  );
  it('never throws, and every entry keeps its place', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const { exchanges } = readHar({ log: { entries: list } });
        expect(exchanges.map((exchange) => exchange.entry)).toEqual(list.map((_, index) => index));
        expect(exchanges.every(({ sent, answered }) => answered >= sent && !Number.isNaN(sent))).toBe(true);
      }),
    );
  });
  it('of any JSON never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (document) => readHar(document).exchanges.length >= 0));
  });
  it('cannot reach a prototype', () => {
    readHar(JSON.parse('{"log":{"entries":[{"__proto__":{"polluted":true},"request":{"__proto__":{"url":"x"}}}]}}'));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(({} as { url?: string }).url).toBeUndefined();
  });
});
