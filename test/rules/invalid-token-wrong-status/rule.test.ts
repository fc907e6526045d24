import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, HOUR, signedIn } from '../sessions.ts';

const RULE = 'invalid-token-wrong-status';
const challenge = 'Bearer error="invalid_token"';
const body = '{"message":"The access token has expired"}';

describe(RULE, () => {
  test('passes a 401', () => {
    expectOnly(signedIn().expired(), RULE, 'pass', { quoted: 'invalid_token' });
  });

  test.each(EVERY_REVISION)('is an error in %s when a 403 says invalid_token', (revision) => {
    const log = signedIn({ revision }).call('search', { status: 403, challenge }).as('REFUSED');
    expectOnly(log, RULE, 'error', { at: 'REFUSED', part: 'response.status', party: 'server', says: '403' });
  });

  test('is an error when the body names the error', () => {
    const log = signedIn().call('search', { status: 400, body: '{"error":"invalid_token"}' }).as('REFUSED');
    expectOnly(log, RULE, 'error', { at: 'REFUSED' });
    expect(judged(log, RULE)[0]?.evidence[1]).toMatchObject({ part: 'response.content', range: [10, 23] });
  });

  test('is an error when the words fit and the token had run out, or only a new one helps', () => {
    expectOnly(
      signedIn()
        .wait(2 * HOUR)
        .call('search', { status: 500, body })
        .as('REFUSED'),
      RULE,
      'error',
      { at: 'REFUSED', says: 'had run out' },
    );
    const helped = signedIn().call('search', { status: 500, body }).as('REFUSED').rf().call('search');
    expectOnly(helped, RULE, 'error', { at: 'REFUSED', says: 'new token' });
  });

  test('is silent without proof: the words may be about another token', () => {
    expect(judged(signedIn().call('search', { status: 500, body }).call('search'), RULE)).toEqual([]);
    expect(
      judged(signedIn().call('search', { status: 400, challenge: 'Bearer error="invalid_request"' }), RULE),
    ).toEqual([]);
    expect(judged(signedIn().forbidden('w'), RULE)).toEqual([]);
  });

  test('is open when the answer to a dead token was not recorded', () => {
    const log = signedIn()
      .wait(2 * HOUR)
      .call('search', { status: 500, body })
      .withoutBody()
      .as('REFUSED');
    expectOnly(log, RULE, 'open', { at: 'REFUSED', missing: ['response-body'] });
  });
});
