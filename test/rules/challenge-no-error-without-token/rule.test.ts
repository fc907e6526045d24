import { describe, expect, test } from 'vitest';
import { SERVER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';

const RULE = 'challenge-no-error-without-token';
const challenge = 'Bearer error="invalid_token", error_description="no token"';
const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
const answer = { status: 401, challenge } as const;
const withHeaders = (headers: Record<string, string>) =>
  traffic()
    .raw('POST', SERVER, answer, {}, { 'content-type': 'application/json', ...headers }, list)
    .prm();

describe(RULE, () => {
  test('passes a plain challenge', () => {
    expectOnly(traffic().challenge({ scope: 'r' }).prm(), RULE, 'pass');
  });

  test.each(['2025-03-26', '2026-07-28', null] as const)('is a warning in %s', (revision) => {
    const log = traffic({ revision })
      .call('search', { ...answer, token: null })
      .as('REFUSED')
      .prm();
    expectOnly(log, RULE, 'warning', {
      at: 'REFUSED',
      part: 'response.headers.www-authenticate',
      quoted: 'invalid_token',
      party: 'server',
      says: 'search',
    });
  });

  test('is open when a recorder may have taken the tokens away', () => {
    const refused = () =>
      traffic()
        .call('search', { ...answer, token: null })
        .as('REFUSED');
    const culprit = { at: 'REFUSED', missing: ['authorization-header'] };
    expectOnly(refused(), RULE, 'open', culprit);
    expectOnly(
      refused().prm().rf({ send: 'refresh-token-0123456789', status: 400, error: 'invalid_grant' }),
      RULE,
      'open',
      culprit,
    );
  });

  test('is open when a recorder took the tokens away', () => {
    const log = traffic()
      .call('search', { ...answer, token: null })
      .as('REFUSED')
      .call('search', { token: null });
    expectOnly(log, RULE, 'open', { at: 'REFUSED', missing: ['authorization-header'] });
  });

  test('leaves requests alone that carry a credential of any kind', () => {
    expect(judged(traffic().az().tk().expired(), RULE)).toEqual([]);
    for (const headers of [{ cookie: 'session=1' }, { 'x-api-key': 'abc' }, { authorization: 'Basic dTpw' }]) {
      expect(judged(withHeaders(headers), RULE)).toEqual([]);
    }
    expectOnly(withHeaders({ accept: '*/*' }), RULE, 'warning');
  });

  test('reads the challenge, not the body', () => {
    const log = traffic()
      .call('search', {
        status: 401,
        token: null,
        challenge: 'Bearer',
        body: '{"error":"invalid_token"}',
      })
      .prm();
    expectOnly(log, RULE, 'pass');
  });
});
