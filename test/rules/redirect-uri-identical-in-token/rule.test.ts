import { describe, test } from 'vitest';
import { REDIRECT, traffic } from '../../traffic/traffic.ts';
import { expectOnly } from '../judged.ts';
import { discovered, EVERY_REVISION } from '../sessions.ts';

const RULE = 'redirect-uri-identical-in-token';

describe(RULE, () => {
  test('passes the same redirect_uri, and none', () => {
    expectOnly(discovered().az().tk().as('TK').call(), RULE, 'pass', {
      at: 'TK',
      quoted: encodeURIComponent(REDIRECT),
    });
    expectOnly(
      discovered()
        .az()
        .tk({ form: { redirect_uri: null } })
        .as('TK')
        .call(),
      RULE,
      'pass',
      { at: 'TK', quoted: null },
    );
  });

  test.each(EVERY_REVISION)('is an error in %s when they differ: RFC 6749 asks for it', (revision) => {
    const log = discovered({ revision })
      .az()
      .tk({ form: { redirect_uri: `${REDIRECT}/` } })
      .as('TK')
      .call();
    const culprit = { at: 'TK', part: 'request.postData', quoted: encodeURIComponent(`${REDIRECT}/`) };
    expectOnly(log, RULE, 'error', { ...culprit, party: 'client', says: `${REDIRECT}/` });
  });

  test('tells the consequence', () => {
    const log = discovered()
      .az()
      .tk({ form: { redirect_uri: 'https://app.example.org/other' }, error: 'invalid_grant' });
    expectOnly(log.call('search', { token: 'access-token-from-before' }), RULE, 'error', { says: 'invalid_grant' });
  });

  test('does not apply when the authorization request names none', () => {
    const log = discovered().azWithout('redirect_uri').tk().as('TK').call();
    expectOnly(log, RULE, 'notApplicable', { at: 'TK' });
  });

  test('is open when the sign-in was not recorded', () => {
    const log = traffic().challenge({ scope: 'r' }).prm().asm().tk().as('TK').call();
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
  });
});
