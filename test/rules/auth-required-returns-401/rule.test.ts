import { describe, expect, test } from 'vitest';
import { type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { EVERY_REVISION } from '../sessions.ts';

const RULE = 'auth-required-returns-401';
const said = '{"message":"Authentication required"}';

/** A call without a token, answered in some way, then a sign-in and its success. */
function first(answer: {
  status: number;
  body?: string;
  mimeType?: string;
  headers?: Record<string, string>;
}): Traffic {
  return traffic()
    .call('search', { token: null, ...answer })
    .as('REFUSED')
    .prm()
    .asm()
    .az()
    .tk()
    .call('search');
}

describe(RULE, () => {
  test('says nothing of a probe that the server does not know, nor of a session that is over', () => {
    const probe = { token: null, status: 404, body: said };
    expect(judged(traffic().call('server/discover', probe).prm(), RULE)).toEqual([]);
    const unknown = '{"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"unauthorized version"}}';
    expect(judged(traffic().call('search', { token: null, status: 400, body: unknown }).prm(), RULE)).toEqual([]);
    const over = { ...probe, requestHeaders: { 'mcp-session-id': 'session-1' } };
    expect(judged(traffic().call('search', over).prm(), RULE)).toEqual([]);
  });

  test('passes a 401', () => {
    expectOnly(traffic().challenge().prm(), RULE, 'pass');
  });

  test.each([400, 403, 404, 500])('is an error for %i that asks for authentication', (status) => {
    const log = traffic().call('search', { token: null, status, body: said }).as('REFUSED').prm();
    expectOnly(log, RULE, 'error', { at: 'REFUSED', part: 'response.status', party: 'server', says: String(status) });
    expect(judged(log, RULE)[0]?.evidence[1]).toMatchObject({ part: 'response.content', range: [12, 35] });
  });

  test.each(EVERY_REVISION)('is an error in %s for a 403 that a token lifts', (revision) => {
    const log = traffic({ revision })
      .call('search', { token: null, status: 403 })
      .as('REFUSED')
      .prm()
      .az()
      .tk()
      .call('search');
    expectOnly(log, RULE, 'error', { at: 'REFUSED', part: 'response.status', quoted: null, says: '403' });
  });

  test('is an error for a redirect to a login page', () => {
    expectOnly(first({ status: 302, headers: { location: 'https://mcp.example.com/login?next=mcp' } }), RULE, 'error', {
      at: 'REFUSED',
      says: 'login page',
    });
    expect(judged(first({ status: 307, headers: { location: 'https://mcp.example.com/mcp/' } }), RULE)).toEqual([]);
  });

  test('is open when the answer was not recorded, or the request lost its token', () => {
    const unread = first({ status: 500 });
    const log = {
      har: () => withoutBody(unread, unread.entry('REFUSED')),
      entry: (name: string) => unread.entry(name),
    } as unknown as Traffic;
    expectOnly(log, RULE, 'open', { at: 'REFUSED', missing: ['response-body'] });
    const sanitized = traffic()
      .call('search', { token: null, status: 403, body: said })
      .as('REFUSED')
      .prm()
      .call('search', { token: null });
    expectOnly(sanitized, RULE, 'open', { at: 'REFUSED', missing: ['authorization-header'] });
  });

  test('leaves other refusals alone', () => {
    expect(judged(first({ status: 403, body: '{"error":"Origin not allowed"}' }), RULE)).toEqual([]);
    expect(judged(first({ status: 403, body: '<html>', mimeType: 'text/html' }), RULE)).toEqual([]);
    expect(
      judged(
        first({ status: 400, body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"header mismatch"}}' }),
        RULE,
      ),
    ).toEqual([]);
    expect(judged(first({ status: 404, body: '{"error":"Session not found"}' }), RULE).map(verdictOf)).toEqual([]);
    expect(
      judged(traffic().call('search', { token: null, status: 403, body: said }), RULE),
      'no OAuth in sight',
    ).toEqual([]);
  });
});

function withoutBody(log: Traffic, entry: number): unknown {
  const har = log.har();
  const entries = har.log.entries.map((item, index) => {
    const response = item.response as { readonly content: object };
    return index === entry
      ? { ...item, response: { ...response, content: { size: 40, mimeType: 'application/json' } } }
      : item;
  });
  return { log: { ...har.log, entries } };
}
