import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, signedIn } from '../sessions.ts';

const RULE = 'challenge-error-on-rejected-token';

describe(RULE, () => {
  test('passes invalid_token, and a demand for a nonce', () => {
    expectOnly(signedIn().expired(), RULE, 'pass', { quoted: 'invalid_token' });
    expectOnly(
      signedIn().call('search', { status: 401, scheme: 'DPoP', challenge: 'DPoP error="use_dpop_nonce"' }),
      RULE,
      'pass',
    );
  });

  test.each(EVERY_REVISION)('is a warning in %s', (revision) => {
    const log = signedIn({ revision }).call('search', { status: 401, challenge: 'Bearer realm="x"' }).as('REFUSED');
    expectOnly(log, RULE, 'warning', {
      at: 'REFUSED',
      part: 'response.headers.www-authenticate',
      quoted: 'Bearer realm="x"',
      party: 'server',
    });
  });

  test('is open when the headers were not recorded', () => {
    const log = signedIn().call('search', { status: 401 }).withoutResponseHeaders().as('REFUSED');
    expectOnly(log, RULE, 'open', { at: 'REFUSED', missing: ['response-headers'] });
  });

  test('leaves the first challenge alone, and a 401 without any', () => {
    expect(judged(traffic().challenge(), RULE)).toEqual([]);
    expect(judged(signedIn().call('search', { status: 401 }), RULE)).toEqual([]);
  });
});
