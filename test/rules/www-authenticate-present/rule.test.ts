import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, granted, signedIn } from '../sessions.ts';

const RULE = 'www-authenticate-present';

describe(RULE, () => {
  test('passes a challenge', () => {
    expectOnly(traffic().challenge({ scope: 'r' }), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is an error in %s where a token was rejected', (revision) => {
    const log = signedIn({ revision }).call('search', { status: 401 }).as('REFUSED');
    const [found] = judged(log, RULE).filter(({ kind }) => kind === 'fail');
    expect(found).toMatchObject({ level: 'error', party: 'server' });
    expect(found?.evidence[0]).toMatchObject({ entry: log.entry('REFUSED'), part: 'response.status' });
  });

  test('is a warning without a token, and an error in 2025-06-18', () => {
    const refused = (revision: '2025-06-18' | '2026-07-28') =>
      traffic({ revision }).call('search', { status: 401, token: null }).as('REFUSED');
    const culprit = { at: 'REFUSED', part: 'response.status', quoted: null, party: 'server' } as const;
    expectOnly(refused('2026-07-28'), RULE, 'warning', { ...culprit, says: 'well-known address' });
    expectOnly(refused('2025-06-18'), RULE, 'error', culprit);
  });

  test('is open when the headers were not recorded', () => {
    const log = traffic().call('search', { status: 401, token: null }).withoutResponseHeaders().as('REFUSED');
    expectOnly(log, RULE, 'open', { at: 'REFUSED', missing: ['response-headers'] });
  });

  test('leaves gateways alone, and authentication of another kind', () => {
    const page = { status: 401, token: null, body: '<html>Sign in to the network</html>', mimeType: 'text/html' };
    expect(judged(traffic().call('search', page), RULE)).toEqual([]);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const headers = { authorization: 'Basic dXNlcjpwYXNz', 'content-type': 'application/json' };
    const basic = traffic().raw(
      'POST',
      'https://mcp.example.com/mcp',
      { status: 401, headers: { date: 'now' } },
      {},
      headers,
      body,
    );
    expectOnly(basic, RULE, 'notApplicable');
    // A page's own back end, which goes by the cookie of its session, and a server that takes keys.
    for (const requestHeaders of [{ cookie: 'session=0123456789abcdef' }, { 'x-api-key': 'key-0123456789' }]) {
      const own = traffic().call('search', { status: 401, token: null, requestHeaders });
      expectOnly(own, RULE, 'notApplicable');
    }
  });

  test('leaves a proxy alone that answers for itself', () => {
    const relay = 'http://localhost:6277/mcp?url=https%3A%2F%2Fmcp.example.com%2Fmcp&transportType=streamable-http';
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const sent = { 'content-type': 'application/json', 'mcp-protocol-version': '2026-07-28' };
    const log = traffic().raw('POST', relay, { status: 401, headers: { date: 'now' } }, {}, sent, body);
    expect(judged(log, RULE)).toEqual([]);
    const edge = { status: 401, token: null, headers: { server: 'cloudflare' }, body: 'error code: 1020' };
    expect(judged(traffic().call('search', edge), RULE)).toEqual([]);
    const origin = { ...edge, body: '{"error":"Unauthorized"}' };
    expectOnly(traffic().call('search', origin), RULE, 'warning');
  });

  test('tells the calls apart', () => {
    const log = granted('r').expired('search').call('write', { status: 401 }).as('REFUSED');
    expect(
      judged(log, RULE)
        .filter(({ kind }) => kind === 'fail')
        .map(({ evidence }) => evidence[0]?.entry),
    ).toEqual([log.entry('REFUSED')]);
  });
});
