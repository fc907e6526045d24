import { describe, expect, test } from 'vitest';
import { type CallOptions, SERVER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';

const RULE = 'cors-challenge-exposed';
const CHALLENGE = 'Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';
const refused = (headers: NonNullable<CallOptions['headers']>) =>
  traffic().call('tools/list', { token: null, status: 401, challenge: CHALLENGE, headers }).as('401');

describe(RULE, () => {
  test('passes a challenge that is exposed, by name or by *', () => {
    expectOnly(refused({}), RULE, 'pass', { at: '401', part: 'response.headers.www-authenticate' });
    expectOnly(refused({ 'access-control-expose-headers': 'Mcp-Session-Id, www-authenticate' }), RULE, 'pass');
    expectOnly(refused({ 'access-control-expose-headers': '*' }), RULE, 'pass');
  });

  test.each(['2025-03-26', '2025-11-25', '2026-07-28'] as const)(
    'is a warning in %s: the Fetch standard asks for it',
    (revision) => {
      const log = traffic({ revision }).call('tools/list', {
        token: null,
        status: 401,
        challenge: CHALLENGE,
        headers: { 'access-control-expose-headers': 'Mcp-Session-Id' },
      });
      const header = { at: '401', part: 'response.headers.www-authenticate', party: 'server' } as const;
      expectOnly(log.as('401'), RULE, 'warning', { ...header, says: 'exposes only Mcp-Session-Id' });
      expect(judged(log, RULE)[0]).toMatchObject({ subject: SERVER });
    },
  );

  test('is open when the recording does not show which page sent the request', () => {
    const log = bare(SERVER, { 'access-control-allow-origin': '*' });
    expectOnly(log, RULE, 'open', { at: '401', missing: ['request-origin'] });
  });

  test('does not apply to a page of the same origin', () => {
    const log = bare(SERVER, {}, { origin: 'https://mcp.example.com' });
    expectOnly(log, RULE, 'notApplicable', { says: 'same origin' });
  });

  test('says nothing without a challenge, nor of clients that are no pages', () => {
    expect(judged(traffic().call('tools/list', { token: null, status: 401 }), RULE)).toEqual([]);
    expect(judged(bare(SERVER, {}), RULE)).toEqual([]);
  });
});

/** A refused call with these headers and no others. */
function bare(url: string, answer: Readonly<Record<string, string>>, request: Readonly<Record<string, string>> = {}) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2025-11-25',
    ...request,
  };
  return traffic()
    .raw('POST', url, { status: 401, challenge: CHALLENGE, headers: answer }, {}, headers, body)
    .as('401');
}
