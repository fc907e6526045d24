import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION } from '../sessions.ts';

const RULE = 'token-endpoint-single-auth-method';
const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` });
const registered = (secret: string) =>
  traffic()
    .challenge({ scope: 'r' })
    .prm()
    .asm()
    .reg({ answered: { client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' } })
    .az();

describe(RULE, () => {
  test('is open where nothing shows that the recording holds Authorization headers', () => {
    const log = traffic().challenge().prm().asm().az().tk();
    expectOnly(log, RULE, 'open', { missing: ['authorization-header'] });
  });

  test('passes one method, and none', () => {
    expectOnly(discovered().az().tk().as('TK').call(), RULE, 'pass', { at: 'TK', says: 'public' });
    const one = discovered()
      .az()
      .tk({ requestHeaders: basic('client-one-0001', 'simple') })
      .as('TK')
      .call();
    expectOnly(one, RULE, 'pass', { at: 'TK', part: 'request.headers.authorization' });
  });

  test.each(EVERY_REVISION)('is an error in %s to send a secret twice: RFC 6749 forbids it', (revision) => {
    const both = { requestHeaders: basic('client-one-0001', 's'), form: { client_secret: 's' } };
    const log = discovered({ revision }).az().tk(both).as('TK').call();
    expectOnly(log, RULE, 'error', {
      at: 'TK',
      part: 'request.headers.authorization',
      party: 'client',
      says: 'client_secret_post',
    });
  });

  test('is an error when a secret that is not encoded reads as another one', () => {
    const log = registered('a+b%41')
      .tk({ requestHeaders: basic('client-one-0001', 'a+b%41') })
      .as('TK')
      .call();
    expectOnly(log, RULE, 'error', { at: 'TK', says: 'client secret' });
  });

  test('is a warning when decoding does it no harm', () => {
    expectOnly(
      registered('a/b=')
        .tk({ requestHeaders: basic('client-one-0001', 'a/b=') })
        .call(),
      RULE,
      'warning',
    );
    expectOnly(
      registered('a/b=')
        .tk({ requestHeaders: basic('client-one-0001', 'a%2Fb%3D') })
        .call(),
      RULE,
      'pass',
    );
  });

  test('is open when the recording was sanitized', () => {
    const log = discovered()
      .az()
      .tk({ form: { client_secret: 's' } })
      .as('TK')
      .call('search', { token: null });
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['authorization-header'] });
  });

  test('survives credentials that are no base64', () => {
    expect(
      judged(
        discovered()
          .az()
          .tk({ requestHeaders: { authorization: 'Basic \u00e4%%%' } })
          .call(),
        RULE,
      ),
    ).toHaveLength(1);
  });
});
