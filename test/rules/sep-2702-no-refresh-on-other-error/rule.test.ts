import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION, HOUR, R_OA, RENEWED, RT1, signedIn } from '../sessions.ts';

const RULE = 'sep-2702-no-refresh-on-other-error';

describe(RULE, () => {
  test('passes after invalid_token, after a bare 401, and when the token was due', () => {
    expectOnly(signedIn().wait(HOUR).expired().rf().as('RF'), RULE, 'pass', { at: 'RF', part: 'request.postData' });
    expectOnly(signedIn().wait(HOUR).expired('search', { challenge: 'Bearer' }).rf(), RULE, 'pass');
    expectOnly(
      signedIn()
        .wait(HOUR - 60_000)
        .forbidden('w')
        .rf(),
      RULE,
      'pass',
      { says: 'due' },
    );
  });

  test('passes when the grant holds the challenged scopes', () => {
    expectOnly(signedIn().forbidden('r').rf(), RULE, 'pass', { says: 'held the challenged scopes' });
    expectOnly(signedIn().forbidden('w').rf().call('write'), RULE, 'pass', { says: 'brought the challenged scopes' });
  });

  test.each(EVERY_REVISION)('is a warning in %s after insufficient_scope', (revision) => {
    const log = signedIn({ revision }).forbidden('w').rf().as('RF');
    expectOnly(log, RULE, 'warning', {
      at: 'RF',
      part: 'request.postData',
      party: 'client',
      says: 'insufficient_scope',
    });
  });

  test('is a warning after another error of a 401, and after a server error within 5 s', () => {
    expectOnly(
      signedIn().expired('search', { challenge: 'Bearer error="invalid_request"' }).rf().as('RF'),
      RULE,
      'warning',
      { at: 'RF', says: 'invalid_request' },
    );
    expectOnly(signedIn().call('search', { status: 500 }).rf().as('RF'), RULE, 'warning', { at: 'RF', says: '500' });
    expectOnly(signedIn().call('search', { status: 404 }).wait(4000).rf(), RULE, 'warning', { says: '404' });
    expect(judged(signedIn().call('search', { status: 500 }).wait(6000).rf(), RULE)).toEqual([]);
  });

  test('takes a token with two minutes left for due, and a refusal half a minute ago for no cause', () => {
    expectOnly(
      signedIn()
        .wait(HOUR - 130_000)
        .forbidden('w')
        .rf(),
      RULE,
      'warning',
    );
    expectOnly(
      signedIn()
        .wait(HOUR - 119_000)
        .forbidden('w')
        .rf(),
      RULE,
      'pass',
    );
    expectOnly(signedIn().forbidden('w').wait(29_000).rf(), RULE, 'warning');
    expect(judged(signedIn().forbidden('w').wait(31_000).rf(), RULE)).toEqual([]);
  });

  test('is open when what was granted, challenged, or when the token expires is not in the log', () => {
    const opaque = 'opaque-token-from-before';
    const before = traffic()
      .call('tools/list', { token: opaque })
      .forbidden('w', 'write', { token: opaque })
      .rf({ send: RT1 });
    expectOnly(before, RULE, 'open', { missing: ['token-response'] });
    const unnamed = signedIn().expired('write', { status: 403, challenge: 'Bearer error="insufficient_scope"' }).rf();
    expectOnly(unnamed, RULE, 'open', { missing: ['challenge-scope'] });
    const unlimited = discovered()
      .az(RENEWED)
      .tk({ scope: R_OA, refresh: RT1, expiresIn: null })
      .call('search', { status: 500 })
      .rf();
    expectOnly(unlimited, RULE, 'open', { missing: ['token-lifetime'] });
  });

  test('says nothing of a nonce request, nor of a refresh that no failure preceded', () => {
    const nonce = { scheme: 'DPoP', challenge: 'DPoP error="use_dpop_nonce"' } as const;
    expect(judged(signedIn().expired('search', nonce).rf(), RULE)).toEqual([]);
    expect(judged(signedIn().call().rf(), RULE)).toEqual([]);
  });

  test('takes the refusal of a probe for no cause', () => {
    const log = signedIn().call('server/discover', { status: 404, body: '{}' }).wait(2000).rf();
    expect(judged(log, RULE)).toEqual([]);
  });
});
