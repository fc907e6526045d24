import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, signedIn } from '../sessions.ts';

const RULE = 'bearer-over-plaintext';
const PLAIN = 'http://mcp.example.com/mcp';
const TOKEN = 'access-token-from-before-0123';

describe(RULE, () => {
  test('passes TLS', () => {
    expectOnly(signedIn(), RULE, 'pass', { part: 'request.url', quoted: 'https' });
  });

  test.each(EVERY_REVISION)('is an error without it in %s', (revision) => {
    const log = traffic({ revision, server: PLAIN })
      .call('search', { token: TOKEN })
      .as('M')
      .call('list', { token: TOKEN });
    expectOnly(log, RULE, 'error', { at: 'M', part: 'request.url', quoted: 'http', party: 'client' });
  });

  test.each([
    'http://localhost:3000/mcp',
    'http://127.0.0.1:3000/mcp',
    'http://[::1]:3000/mcp',
    'http://mcp.localhost/mcp',
  ])('does not apply to %s', (server) => {
    expectOnly(traffic({ server }).call('search', { token: TOKEN }), RULE, 'notApplicable');
  });

  test('leaves out what never went in clear', () => {
    const log = traffic({ server: PLAIN }).call('search', { token: TOKEN, status: 0 });
    log.call('search', { token: TOKEN, status: 307, headers: { 'Non-Authoritative-Reason': 'HSTS' } });
    expect(judged(log, RULE)).toEqual([]);
  });

  test('is open when the recording was stripped of its headers', () => {
    const log = traffic({ server: PLAIN }).challenge().call('search', { token: null });
    expectOnly(log, RULE, 'open', { missing: ['authorization-header'] });
  });
});
