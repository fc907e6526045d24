import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/exchange/exchange.ts';
import { readHarStream } from '../../src/exchange/har-stream.ts';
import { readHar } from '../../src/exchange/read-har.ts';
import { analyzeStream } from '../../src/report/analyze-stream.ts';
import { har, type SignIn, signIn } from '../report/hars.ts';
import { chunksOf } from './streams.ts';

const url = 'https://as.example.com/token';
const form = 'grant_type=refresh_token&refresh_token=rt-1&client_id=c';
const pairs = (fields: Readonly<Record<string, string>>): object[] =>
  Object.entries(fields).map(([name, value]) => ({ name, value }));
const at = '2026-11-02T09:00:00.250Z';

interface Dialect {
  readonly version?: string;
  readonly creator: { readonly name: string; readonly version?: string };
  readonly log?: object;
  /** A token request, answered 200 with JSON, as this recorder writes it. */
  readonly entry: object;
  readonly facts?: Partial<Exchange>;
}

const type = 'application/x-www-form-urlencoded';
const answer = '{"access_token":"at-1"}';
const content = { size: answer.length, mimeType: 'application/json', text: answer };
const request = {
  method: 'POST',
  url,
  httpVersion: 'HTTP/1.1',
  cookies: [],
  headers: pairs({ 'Content-Type': type }),
  queryString: [],
  headersSize: -1,
  bodySize: form.length,
};
const response = {
  status: 200,
  statusText: 'OK',
  httpVersion: 'HTTP/1.1',
  cookies: [],
  headers: pairs({ 'Content-Type': 'application/json' }),
  content,
  redirectURL: '',
  headersSize: -1,
  bodySize: answer.length,
};
const common = { startedDateTime: at, time: 40, cache: {}, timings: { send: 0, wait: 39, receive: 1 } };
const postData = { mimeType: type, text: form };

const dialects: Readonly<Record<string, Dialect>> = {
  Chromium: {
    creator: { name: 'WebInspector', version: '537.36' },
    log: { pages: [{ startedDateTime: at, id: 'page_1', title: 'https://app.example.com/', pageTimings: {} }] },
    entry: {
      ...common,
      _initiator: { type: 'script' },
      _priority: 'High',
      _resourceType: 'fetch',
      connection: '7',
      pageref: 'page_1',
      request: { ...request, postData: { ...postData, params: pairs({ grant_type: 'refresh_token' }) } },
      response: { ...response, _transferSize: 300, _error: null, _fetchedViaServiceWorker: false },
      serverIPAddress: '[::1]',
    },
    facts: { resourceType: 'fetch', page: 'page_1' },
  },
  Firefox: {
    creator: { name: 'Firefox', version: '145.0' },
    log: { browser: { name: 'Firefox', version: '145.0' } },
    entry: {
      ...common,
      startedDateTime: '2026-11-02T10:00:00.250+01:00',
      request: { ...request, httpVersion: 'HTTP/2', postData: { ...postData, params: [] } },
      response,
      _securityState: 'secure',
      serverIPAddress: '203.0.113.1',
      connection: '443',
      pageref: 'page_1',
    },
    facts: { page: 'page_1' },
  },
  Safari: {
    creator: { name: 'WebKit Web Inspector', version: '20621.1' },
    entry: {
      ...common,
      _fetchType: 'Network Load',
      _priority: 'high',
      request: { ...request, postData: { ...postData, params: [] } },
      response: { ...response, _transferSize: 321, redirectURL: undefined },
    },
  },
  Charles: {
    creator: { name: 'Charles Proxy', version: '5.0' },
    entry: {
      ...common,
      startedDateTime: '2026-11-02T10:00:00.250+01:00',
      request: {
        ...request,
        postData: {
          mimeType: type,
          params: pairs({ grant_type: 'refresh_token', refresh_token: 'rt-1', client_id: 'c' }),
        },
      },
      response: {
        ...response,
        content: { ...content, text: Buffer.from(answer).toString('base64'), encoding: 'base64' },
        _charlesStatus: 'COMPLETE',
      },
      serverIPAddress: '203.0.113.1',
    },
  },
  Fiddler: {
    version: '1.2',
    creator: { name: 'Fiddler', version: '5.0.2' },
    entry: {
      ...common,
      startedDateTime: '2026-11-02T09:00:00.2500000+00:00',
      connection: 'ClientPort:51234',
      request: { ...request, postData: { ...postData, params: pairs({ grant_type: 'refresh_token' }) } },
      response,
    },
  },
  mitmproxy: {
    creator: { name: 'mitmproxy', version: '12.0' },
    entry: {
      ...common,
      startedDateTime: '2026-11-02T09:00:00.250000+00:00',
      request: { ...request, postData: { ...postData, params: pairs({ grant_type: 'refresh_token' }) } },
      response: { ...response, content: { ...content, compression: 0 } },
      serverIPAddress: '203.0.113.1',
    },
  },
  Playwright: {
    creator: { name: 'Playwright', version: '1.57.0' },
    log: { browser: { name: 'chromium', version: '142.0' } },
    entry: {
      ...common,
      _frameref: 'frame@1',
      _monotonicTime: 5123.4,
      request: { ...request, postData: { ...postData, params: [] } },
      response: { ...response, _transferSize: 300 },
      _securityDetails: {},
      pageref: 'page@1',
    },
    facts: { page: 'page@1' },
  },
  'chrome-har': {
    creator: { name: 'Browsertime', version: '25.0' },
    entry: {
      ...common,
      cache: {},
      _requestId: '12.3',
      _initialPriority: 'High',
      request: {
        ...request,
        headers: pairs({ 'content-type': type }),
        postData: { ...postData, params: pairs({ grant_type: 'refresh_token' }) },
      },
      response: { ...response, fromDiskCache: false, fromEarlyHints: false, _transferSize: 300 },
      pageref: 'page_1',
    },
    facts: { page: 'page_1' },
  },
  Insomnia: {
    creator: { name: 'Insomnia REST Client', version: 'insomnia.desktop.app:v11.0.0' },
    entry: {
      ...common,
      time: 40.0,
      request: {
        ...request,
        httpVersion: 'HTTP/1.1',
        postData: {
          mimeType: type,
          params: pairs({ grant_type: 'refresh_token', refresh_token: 'rt-1', client_id: 'c' }),
          text: '',
        },
        settingEncodeUrl: true,
      },
      response,
      comment: 'Refresh',
    },
  },
  'HAR 1.1': {
    version: '1.1',
    creator: { name: 'an older recorder', version: '1' },
    entry: { ...common, request: { ...request, postData }, response: { ...response, content } },
  },
};

describe.each(Object.entries(dialects))('%s', (_, dialect) => {
  const { creator, entry, log, facts, version = '1.2' } = dialect;
  const document = { log: { version, creator, ...log, entries: [entry] } };

  it('is read with its facts right, whole and as a stream', async () => {
    for (const reading of [readHar(document), await readHarStream(chunksOf(JSON.stringify(document, null, 2), 100))]) {
      expect(reading.problems).toEqual([]);
      expect(reading.creator).toBe([creator.name, creator.version].join(' '));
      expect(reading.exchanges).toMatchObject([
        {
          method: 'POST',
          url,
          sent: Date.parse(at),
          answered: Date.parse(at) + 40,
          request: { body: { state: 'whole', text: form, mimeType: type } },
          response: { status: 200, body: { state: 'whole', text: answer, mimeType: 'application/json' } },
          error: null,
          fromCache: false,
          part: 'request',
          ...facts,
        },
      ]);
    }
  });
});

describe('what a recorder says of a request without answer', () => {
  it.each([
    ['Chromium', { _error: 'net::ERR_FAILED', status: 0 }, 'net::ERR_FAILED'],
    ['Playwright', { _failureText: 'net::ERR_ABORTED', status: -1 }, 'net::ERR_ABORTED'],
  ])('%s', (_, changes, error) => {
    const entry = {
      ...common,
      request,
      response: { ...response, content: { size: 0, mimeType: 'x-unknown' }, ...changes },
    };
    expect(readHar({ log: { entries: [entry] } }).exchanges[0]).toMatchObject({ error, response: { status: 0 } });
  });
});

describe('a sanitized export of Chrome', () => {
  const values: SignIn = {
    code: 'c0de-Zx81_mmQ2',
    state: 'st4te-0123456789abcdef',
    verifier: 'v'.repeat(50),
    challenge: 'c'.repeat(43),
    access: 'acce55-opaque-token-value',
    refresh: 'refre5h-opaque-token-value',
    password: 'p',
    user: 'u',
    cookie: 'c',
    session: '7a5b3c1d-9f8e-4a6b-8c2d-0e1f2a3b4c5d',
    scope: 'files:read',
  };
  const hidden: ReadonlySet<string> = new Set(['authorization', 'cookie', 'set-cookie']);
  /** Without the header fields that "Export HAR (sanitized)" leaves out. */
  const parts = signIn(values).map((one) => ({
    ...one,
    requestHeaders: Object.fromEntries(
      Object.entries(one.requestHeaders ?? {}).filter(([name]) => !hidden.has(name.toLowerCase())),
    ),
  }));
  it('is recognised, and the same recording whole is not', async () => {
    const read = (entries: typeof parts) => analyzeStream(chunksOf(JSON.stringify(har(entries))), { name: 'x' });
    const { story, result } = await read(parts);
    expect(story.sanitized).toBe(true);
    expect(result.outcomes.some(({ kind }) => kind === 'open')).toBe(true);
    expect((await read([...signIn(values)] as typeof parts)).story.sanitized).toBe(false);
  });
});
