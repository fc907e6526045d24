import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrowserDialect } from '../../src/capture/browser-dialect.ts';
import { readHar } from '../../src/exchange/read-har.ts';

type Entry = Record<string, unknown>;
const fields = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));

/** Shapes as Chromium 156 and Firefox 153 wrote them for the same session. */
const page = 'http://127.0.0.1:4100';
const server = 'http://127.0.0.1:4200/mcp';

interface Said {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly answer?: Readonly<Record<string, string>>;
  readonly content?: object;
  readonly more?: object;
  readonly response?: object;
}

const entry = ({ method = 'POST', url = server, headers = {}, status = 200, answer = {}, ...said }: Said): Entry => ({
  startedDateTime: '2026-11-27T07:08:51.380Z',
  time: 6,
  request: { method, url, httpVersion: 'HTTP/1.1', headers: fields(headers), queryString: [], cookies: [] },
  response: {
    status,
    headers: fields(answer),
    content: { size: 0, mimeType: '', ...said.content },
    redirectURL: answer.Location ?? '',
    ...said.response,
  },
  ...said.more,
});

const chromium = (said: Said & { type: string }): Entry =>
  entry({
    ...said,
    more: { _resourceType: said.type, _connectionId: '1', _priority: 'High', ...said.more },
    response: { _error: null, _transferSize: 0, _fetchedViaServiceWorker: false, ...said.response },
  });
const firefox = (said: Said): Entry => entry({ ...said, more: { _securityState: 'insecure', _priority: 'Normal' } });

const script = { Origin: page, 'Sec-Fetch-Dest': 'empty', 'Sec-Fetch-Mode': 'cors' };
const open = { 'Access-Control-Allow-Origin': page };

/** What is judged: the exchange, without what only names the browser's own entry. */
const exchangesOf = (entries: readonly Entry[]) => {
  const dialect = new BrowserDialect();
  const read = entries.flatMap((one) => dialect.read(one) ?? []);
  return readHar({ log: { entries: read } }).exchanges.map((exchange) => ({ ...exchange }));
};

const pairs: Readonly<Record<string, readonly [readonly Entry[], readonly Entry[]]>> = {
  'a preflight': [
    [
      chromium({
        type: 'preflight',
        method: 'OPTIONS',
        status: 204,
        headers: { ...script, 'Access-Control-Request-Method': 'POST' },
        answer: { ...open, 'Content-Length': '0' },
        content: { mimeType: 'x-unknown' },
      }),
    ],
    [
      firefox({
        method: 'OPTIONS',
        status: 204,
        headers: { ...script, 'Access-Control-Request-Method': 'POST' },
        answer: { ...open, 'Content-Length': '0' },
        content: { mimeType: 'application/x-unknown-content-type', encoding: 'base64' },
      }),
    ],
  ],
  'an accepted notification': [
    [
      chromium({
        type: 'fetch',
        status: 202,
        headers: script,
        answer: open,
        content: { mimeType: 'x-unknown' },
        response: { _error: 'net::ERR_ABORTED' },
      }),
    ],
    [
      firefox({
        status: 202,
        headers: script,
        answer: open,
        content: { mimeType: 'application/x-unknown-content-type', encoding: 'base64' },
      }),
    ],
  ],
  'an answer that CORS keeps from script': [
    [chromium({ type: 'fetch', status: 401, headers: script, response: { _error: 'net::ERR_FAILED' } })],
    [firefox({ status: 401, headers: script })],
  ],
  'a page, with what only Firefox records beside it': [
    [chromium({ type: 'document', method: 'GET', url: page, headers: { 'Sec-Fetch-Dest': 'document' } })],
    [
      firefox({ method: 'GET', url: page, headers: { 'Sec-Fetch-Dest': 'document' } }),
      firefox({ method: 'GET', url: 'data:,', content: { mimeType: 'text/plain;charset=US-ASCII' } }),
    ],
  ],
  'a fragment in a redirect': [
    [
      chromium({ type: 'document', method: 'GET', status: 302, answer: { Location: `${page}/back#access_token=a` } }),
      chromium({ type: 'document', method: 'GET', url: `${page}/back` }),
    ],
    [
      firefox({
        method: 'GET',
        status: 302,
        headers: {},
        answer: { Location: `${page}/back#access_token=a` },
      }),
      firefox({ method: 'GET', url: `${page}/back#access_token=a` }),
    ],
  ],
};

describe('the same exchange from both browsers', () => {
  test.each(Object.entries(pairs))('%s', (_name, [ofChromium, ofFirefox]) => {
    const [one, other] = [exchangesOf(ofChromium), exchangesOf(ofFirefox)];
    const typeless = (list: typeof one) => list.map(({ resourceType: _, ...rest }) => rest);
    expect(typeless(other)).toEqual(typeless(one));
    for (const [at, { resourceType }] of other.entries()) {
      if (resourceType !== null) expect(resourceType).toBe(one[at]?.resourceType);
    }
  });
});

describe('what is not made up', () => {
  const read = (one: Entry) => new BrowserDialect().read(one);
  test('an allowed origin is no error', () => {
    for (const answer of [open, { 'Access-Control-Allow-Origin': '*' }]) {
      expect(read(firefox({ status: 401, headers: script, answer }))).not.toHaveProperty('_error');
    }
  });
  test('a wildcard does not do where a cookie went along', () => {
    const headers = { ...script, Cookie: 'a=b' };
    expect(read(firefox({ headers, answer: { 'Access-Control-Allow-Origin': '*' } }))?._error).toBe('net::ERR_FAILED');
  });
  test('a form that was sent to another site, and a request of the same origin, are no CORS requests', () => {
    expect(read(firefox({ headers: { Origin: page, 'Sec-Fetch-Mode': 'navigate' } }))).not.toHaveProperty('_error');
    expect(read(firefox({ headers: { ...script, Origin: 'http://127.0.0.1:4200' } }))).not.toHaveProperty('_error');
  });
  test('a stream that was aborted stays aborted', () => {
    const stream = chromium({
      type: 'fetch',
      answer: { 'Content-Type': 'text/event-stream' },
      response: { _error: 'net::ERR_ABORTED' },
    });
    expect(read(stream)).toMatchObject({ response: { _error: 'net::ERR_ABORTED' } });
  });
  test('reads anything', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        fc.jsonValue(),
        (rest, request, response) => {
          new BrowserDialect().read({ ...rest, request, response });
        },
      ),
    );
  });
});
