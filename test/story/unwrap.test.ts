import { describe, expect, it } from 'vitest';
import { header } from '../../src/exchange/exchange.ts';
import { ISSUER, SERVER, type Traffic, traffic } from '../traffic/traffic.ts';
import { exchangesOf, tell } from './story.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'search', arguments: {} } };
const CHALLENGE = 'Bearer error="invalid_token", scope="r"';
const PROXY = 'http://localhost:6274';

function post(
  log: Traffic,
  url: string,
  body: object,
  answer: object | string,
  headers: Readonly<Record<string, string>> = {},
): Traffic {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return log.raw(
    'POST',
    url,
    { body: text, mimeType: typeof answer === 'string' ? 'text/event-stream' : 'application/json' },
    {},
    { ...JSON_TYPE, ...headers },
    JSON.stringify(body),
  );
}

describe('MCP Inspector 2', () => {
  it('/api/fetch stands for the request in it', () => {
    const log = post(
      traffic(),
      `${PROXY}/api/fetch`,
      {
        url: SERVER,
        method: 'POST',
        headers: { authorization: 'Bearer inner-token-0123', ...JSON_TYPE },
        body: JSON.stringify(CALL),
      },
      { ok: false, status: 401, headers: { 'WWW-Authenticate': CHALLENGE }, body: '' },
      { 'x-mcp-remote-auth': 'Bearer proxy-secret-0123' },
    );
    const [call] = tell(log).servers[0]?.calls ?? [];
    expect(call).toMatchObject({
      server: SERVER,
      status: 401,
      credential: 'inner-token-0123',
      challenge: { error: 'invalid_token' },
      challengeReadable: null,
    });
    expect([call?.exchange.entry, call?.exchange.envelope?.url]).toEqual([0, `${PROXY}/api/fetch`]);
  });
  it('/api/fetch carries discovery and token requests too', () => {
    const prm = { resource: SERVER, authorization_servers: [ISSUER] };
    const log = post(
      traffic().challenge(),
      `${PROXY}/api/fetch`,
      { url: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp' },
      { status: 200, headers: {}, body: JSON.stringify(prm) },
    );
    expect(tell(log).servers[0]?.issuers).toEqual([ISSUER]);
  });

  const connect = (log: Traffic): Traffic =>
    post(
      log,
      `${PROXY}/api/mcp/connect`,
      { config: { url: SERVER }, authState: { oauthTokens: { access_token: 'first-token-0123' } } },
      { sessionId: 's1' },
    );
  const send = (log: Traffic, answer: object = { ok: true }): Traffic =>
    post(log, `${PROXY}/api/mcp/send`, { sessionId: 's1', protocolVersion: '2025-11-25', message: CALL }, answer);
  const renew = (log: Traffic): Traffic =>
    post(
      log,
      `${PROXY}/api/mcp/auth-state`,
      { sessionId: 's1', authState: { oauthTokens: { access_token: 'second-token-0123' } } },
      {},
    );
  const refused = {
    ok: false,
    kind: 'auth_challenge',
    authChallenge: { raw: { httpStatus: 401, wwwAuthenticate: CHALLENGE } },
  };

  it('/api/mcp/send goes where its session leads, with the session’s token of the time', () => {
    const log = send(renew(send(connect(traffic()), refused)));
    const calls = tell(log).servers[0]?.calls ?? [];
    expect(calls.map(({ exchange, status, credential }) => [exchange.entry, status, credential])).toEqual([
      [1, 401, 'first-token-0123'],
      [3, 200, 'second-token-0123'],
    ]);
    expect(calls.map(({ server, challenge }) => [server, challenge?.error ?? null])).toEqual([
      [SERVER, 'invalid_token'],
      [SERVER, null],
    ]);
    expect(header(calls[0]?.exchange.request.headers ?? [], 'mcp-protocol-version')).toBe('2025-11-25');
  });
  it('does so in whatever order its exchanges are delivered', () => {
    const exchanges = exchangesOf(send(renew(send(connect(traffic()), refused))));
    const [connected, first, renewed, second] = exchanges;
    const told = (order: typeof exchanges): unknown =>
      tell(order).servers.map(({ calls }) => calls.map(({ credential, status }) => [credential, status]));
    for (const order of [
      [second, renewed, first, connected],
      [connected, second, first, renewed],
      [first, connected, second, renewed],
      [renewed, second, connected, first],
    ]) {
      expect(told(order.flatMap((exchange) => exchange ?? []))).toEqual(told(exchanges));
      const uses = tell(order.flatMap((exchange) => exchange ?? [])).tokens.map(({ value, uses: entries }) => [
        value,
        entries,
      ]);
      expect(uses).toEqual([
        ['first-token-0123', [1]],
        ['second-token-0123', [3]],
      ]);
    }
  });
  it('has housekeeping that is no exchange of the story', () => {
    const log = connect(traffic()).raw('GET', `${PROXY}/api/mcp/events?sessionId=s1`);
    post(log, `${PROXY}/api/mcp/disconnect`, { sessionId: 's1' }, {});
    post(log, `${PROXY}/api/mcp/send`, { sessionId: 'unknown', message: CALL }, { ok: true });
    expect(tell(log)).toMatchObject({ servers: [], tokens: [], roles: new Map() });
  });
});

describe('MCP Inspector 1', () => {
  const url = `http://localhost:6277/mcp?url=${encodeURIComponent(SERVER)}&transportType=streamable-http`;
  it('relays to the server of its query', () => {
    expect(
      tell(post(traffic(), url, CALL, { jsonrpc: '2.0', id: 1, result: {} })).servers.map((server) => server.url),
    ).toEqual([SERVER]);
  });
  it('answers an upstream 401 as an error inside a 200', () => {
    const error = {
      code: -32099,
      message: 'x',
      data: { httpStatus: 401, upstream401: { wwwAuthenticate: CHALLENGE, body: '{}' } },
    };
    const log = post(traffic(), url, CALL, `data: ${JSON.stringify({ jsonrpc: '2.0', id: 1, error })}\n\n`);
    expect(tell(log).servers[0]?.refused[0]).toMatchObject({
      status: 401,
      challenge: { error: 'invalid_token', scope: ['r'] },
    });
  });
  it('/fetch has its request in init', () => {
    const log = post(
      traffic(),
      'http://localhost:6277/fetch',
      { url: SERVER, init: { method: 'post', body: JSON.stringify(CALL), headers: JSON_TYPE } },
      { status: 403, headers: {}, body: 'no' },
    );
    expect(tell(log).servers[0]?.refused[0]).toMatchObject({ server: SERVER, status: 403, tool: { name: 'search' } });
  });
});

describe('mcp-use', () => {
  it('names the server in X-Target-URL', () => {
    const log = post(
      traffic(),
      'https://proxy.example.net/inspector/api/proxy',
      CALL,
      { jsonrpc: '2.0', id: 1, result: {} },
      { 'X-Target-URL': SERVER },
    );
    expect(tell(log).servers.map((server) => server.url)).toEqual([SERVER]);
  });
  it('/proxy has the request at its top', () => {
    const form = 'grant_type=client_credentials&client_id=c&resource=https%3A%2F%2Fmcp.example.com%2Fmcp';
    const log = post(
      traffic().challenge(),
      'https://proxy.example.net/oauth/proxy',
      {
        serverUrl: SERVER,
        url: `${ISSUER}/token`,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form,
      },
      { status: 200, headers: JSON_TYPE, body: '{"access_token":"a-token-012345","token_type":"Bearer"}' },
    );
    expect(tell(log).grants[0]?.token?.response?.accessToken).toBe('a-token-012345');
  });
});

describe('what is no envelope stays as it is', () => {
  it.each([
    ['no JSON', 'x'],
    ['no URL', '{"a":1}'],
    ['a bad URL', '{"url":"::"}'],
  ])('/fetch with %s', (_, body) => {
    const [exchange] = exchangesOf(traffic().raw('POST', 'https://a.example/fetch', {}, {}, JSON_TYPE, body));
    expect(exchange && tell([exchange]).servers).toEqual([]);
  });
  it('an envelope whose answer was not seen has the outer status and a body that is missing', () => {
    const log = post(
      traffic(),
      `${PROXY}/api/fetch`,
      { url: SERVER, method: 'POST', headers: JSON_TYPE, body: JSON.stringify(CALL) },
      '',
    );
    expect(tell(log).servers[0]?.calls[0]?.exchange.response).toMatchObject({
      status: 200,
      body: { state: 'missing' },
    });
  });
});
