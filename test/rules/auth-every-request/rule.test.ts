import { describe, expect, test } from 'vitest';
import { type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION, HOUR, RT1, signedIn } from '../sessions.ts';

const RULE = 'auth-every-request';
const REFUSED = { token: null, status: 401, challenge: 'Bearer' } as const;

/** Signed in, with an ordinary call on either side of what is done in between. */
function around(between: (log: Traffic) => Traffic): Traffic {
  return between(signedIn().call()).call('list');
}

describe(RULE, () => {
  test("says nothing of a key of the server's own kind, which is no OAuth", () => {
    const key = { token: 'sk_live_0123456789abcdef' };
    const log = traffic().call('search', key).call('search', { token: null, status: 401 }).call('search', key);
    expect(judged(log, RULE)).toEqual([]);
  });

  test('is open when a request was recorded without its headers', () => {
    const log = signedIn().call('search').as('M');
    log.altered((entry) => ({ ...entry, request: { ...entry.request, headers: [] } }));
    expectOnly(log.call('list'), RULE, 'open', { at: 'M', missing: ['request-headers'] });
  });

  test('passes a client that sends its token every time', () => {
    expectOnly(signedIn().call().call('GET').call('list'), RULE, 'pass', { part: 'request.headers.authorization' });
  });

  test.each(EVERY_REVISION)('is an error in %s', (revision) => {
    const log = signedIn({ revision }).call().call('search', REFUSED).as('M').call();
    expectOnly(log, RULE, 'error', { at: 'M', part: 'request.url', party: 'client', says: 'tools/call' });
  });

  test('finds the stream and the end of a session as well', () => {
    expectOnly(
      around((log) => log.call('GET', REFUSED).as('M')),
      RULE,
      'error',
      { at: 'M', says: 'GET' },
    );
    const headers = { 'mcp-session-id': 'session-1' };
    const log = signedIn().call('search', { requestHeaders: headers });
    log
      .raw('DELETE', 'https://mcp.example.com/mcp', { status: 401 }, {}, headers)
      .as('M')
      .call('list', { requestHeaders: headers });
    expectOnly(log, RULE, 'error', { at: 'M', says: 'DELETE' });
  });

  test('is one finding for a server, with the first few requests', () => {
    const log = around((begun) => {
      for (let count = 0; count < 9; count += 1) begun.call('search', REFUSED);
      return begun;
    });
    expectOnly(log, RULE, 'error', { says: '9 times' });
    expect(judged(log, RULE)[0]?.evidence).toHaveLength(6);
  });

  test('takes a refresh for a sign that the client still held its tokens', () => {
    const log = signedIn().call().call('search', REFUSED).as('M').rf();
    expectOnly(log, RULE, 'error', { at: 'M' });
  });

  test('is open when the token is not used again', () => {
    expectOnly(signedIn().call('search', REFUSED).as('M'), RULE, 'open', { at: 'M', missing: ['later-traffic'] });
  });

  test('is open when the recording was stripped of its headers', () => {
    const log = discovered().az().tk().forget().call('search', { token: null });
    expectOnly(log, RULE, 'open', { missing: ['authorization-header'] });
  });

  test.each<[string, (log: Traffic) => Traffic]>([
    ['a new start', (log) => log.call('initialize', { token: null })],
    ['a probe', (log) => log.call('server/discover', REFUSED)],
    ['a health check', (log) => log.raw('GET', 'https://mcp.example.com/mcp', { status: 405 })],
    ['a request that never left', (log) => log.call('search', { token: null, status: 0 })],
    ['a log-out', (log) => log.revoke().call('search', REFUSED)],
    ['a refused token', (log) => log.expired().call('search', REFUSED)],
    ['a sign-in under way', (log) => log.az({ scope: 'r' }).call('search', REFUSED)],
    ['another session', (log) => log.call('search', { ...REFUSED, requestHeaders: { 'mcp-session-id': 'other' } })],
    ['another scheme', (log) => log.call('search', { ...REFUSED, requestHeaders: { authorization: 'Basic YTpi' } })],
    ['a token elsewhere', (log) => log.call('search', { ...REFUSED, requestHeaders: { 'x-token': log.token } })],
    ['a token about to expire', (log) => log.wait(HOUR - 30_000).call('search', REFUSED)],
    [
      'a notification',
      (log) => log.call('search', { ...REFUSED, requestBody: '{"jsonrpc":"2.0","method":"notifications/cancelled"}' }),
    ],
    ['a call that was still unanswered', (log) => log.call('search', { ...REFUSED, after: -1_000 })],
  ])('passes %s', (_, between) => {
    expectOnly(around(between), RULE, 'pass');
  });

  test('does not take a call for late that was sent before the first token was accepted', () => {
    const log = discovered()
      .az()
      .tk({ refresh: RT1 })
      .call('slow', { duration: 5_000 })
      .call('search', { ...REFUSED, after: -4_000 });
    expectOnly(log.call('list'), RULE, 'pass');
  });
});
