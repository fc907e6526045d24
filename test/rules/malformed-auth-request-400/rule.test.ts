import { describe, expect, test } from 'vitest';
import { SERVER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, signedIn } from '../sessions.ts';

const RULE = 'malformed-auth-request-400';
const challenge = 'Bearer error="invalid_request"';

describe(RULE, () => {
  test('passes a 400', () => {
    expectOnly(signedIn().call('search', { status: 400, challenge }), RULE, 'pass', { quoted: 'invalid_request' });
    expectOnly(signedIn().call('search', { token: '', status: 400 }), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is an error in %s when invalid_request comes with another status', (revision) => {
    const log = signedIn({ revision }).call('search', { status: 403, challenge }).as('REFUSED');
    expectOnly(log, RULE, 'error', { at: 'REFUSED', part: 'response.status', party: 'server', says: '403' });
  });

  test('is a warning when an empty header crashes the server, or is let in', () => {
    expectOnly(signedIn().call('search', { token: '', status: 500 }).as('CRASH'), RULE, 'warning', {
      at: 'CRASH',
      says: '500',
    });
    expectOnly(signedIn().call('tools/list', { token: '' }).as('LET'), RULE, 'warning', { at: 'LET', says: '200' });
  });

  test('is a warning when a token that is sent twice crashes the server', () => {
    const log = signedIn()
      .call('search', { server: `${SERVER}?access_token=abc`, status: 500 })
      .as('CRASH');
    expectOnly(log, RULE, 'warning', { at: 'CRASH', says: 'in its URL' });
  });

  test('is open when a recorder took the tokens away', () => {
    const log = traffic().challenge().call('tools/list', { token: '' }).as('LET');
    expectOnly(log, RULE, 'open', { at: 'LET', missing: ['authorization-header'] });
  });

  test('leaves a 401 without a token alone', () => {
    expect(judged(traffic().call('search', { token: null, status: 401, challenge }), RULE)).toEqual([]);
    expect(judged(signedIn().call('search', { token: '', status: 401, challenge: 'Bearer' }), RULE)).toEqual([]);
  });
});
