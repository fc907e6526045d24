import { describe, expect, test } from 'vitest';
import { type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered } from '../sessions.ts';

const RULE = 'token-endpoint-auth-method';
const SECRET = 'client-secret-0123456789abcdef';
const BASIC = { authorization: `Basic ${btoa(`client-one-0001:${SECRET}`)}` };
const found = () =>
  traffic()
    .challenge({ scope: 'r' })
    .prm({ scopes: ['r'] });
const registered = (method: string | null): Traffic =>
  found()
    .asm()
    .reg({ answered: { token_endpoint_auth_method: method, client_secret: SECRET } })
    .az();

describe(RULE, () => {
  test('passes the registered method', () => {
    expectOnly(discovered().az().tk().as('TK').call(), RULE, 'pass', { at: 'TK', says: 'none' });
    const basic = registered('client_secret_basic').tk({ requestHeaders: BASIC }).as('TK').call();
    expectOnly(basic, RULE, 'pass', { at: 'TK', part: 'request.headers.authorization' });
    expectOnly(
      registered('client_secret_post')
        .tk({ form: { client_secret: SECRET } })
        .call(),
      RULE,
      'pass',
    );
  });

  test('takes an answer without method and secret for a public client', () => {
    expectOnly(
      found()
        .asm()
        .reg({ answered: { token_endpoint_auth_method: null } })
        .az()
        .tk()
        .call(),
      RULE,
      'pass',
    );
  });

  test('is an error when the server refuses another method, and a warning when it does not', () => {
    const refused = registered('client_secret_basic')
      .tk({ form: { client_secret: SECRET }, error: 'invalid_client' })
      .as('TK');
    const culprit = { at: 'TK', part: 'request.postData', quoted: 'client_secret' };
    expectOnly(refused.call('search', { token: 'access-token-from-before' }), RULE, 'error', {
      ...culprit,
      party: 'client',
    });
    expectOnly(
      registered('client_secret_basic')
        .tk({ form: { client_secret: SECRET } })
        .as('TK')
        .call(),
      RULE,
      'warning',
      culprit,
    );
    expectOnly(registered('client_secret_basic').tk().as('TK').call(), RULE, 'warning', { at: 'TK', says: 'none' });
  });

  test('goes by the request where the answer has a secret and no method', () => {
    // The builder's client asks for none.
    expectOnly(registered(null).tk().call(), RULE, 'pass');
    expectOnly(registered(null).tk({ requestHeaders: BASIC }).call(), RULE, 'pass');
    expectOnly(
      registered(null)
        .tk({ form: { client_secret: SECRET } })
        .call(),
      RULE,
      'warning',
    );
  });

  test('goes by the metadata where there is no registration', () => {
    const members = { token_endpoint_auth_methods_supported: ['client_secret_basic'] };
    expectOnly(found().asm({ members }).az().tk({ requestHeaders: BASIC }).call(), RULE, 'pass');
    expectOnly(
      found()
        .asm({ members })
        .az()
        .tk({ form: { client_secret: SECRET } })
        .call(),
      RULE,
      'warning',
      { says: 'supports' },
    );
    const assertion = `${btoa('{"alg":"RS256"}')}.${btoa('{"iss":"client"}')}.c2ln`;
    const jwt = { token_endpoint_auth_methods_supported: ['private_key_jwt'] };
    expectOnly(
      found()
        .asm({ members: jwt })
        .az()
        .tk({ form: { client_assertion: assertion } })
        .call(),
      RULE,
      'pass',
    );
  });

  test('does not apply to certificates', () => {
    expectOnly(registered('tls_client_auth').tk().call(), RULE, 'notApplicable');
  });

  test('is open when nothing says how the client is registered', () => {
    expectOnly(found().asm().az().tk().as('TK').call(), RULE, 'open', { at: 'TK', missing: ['client-registration'] });
  });

  test('is open when the recording was sanitized', () => {
    const log = registered('client_secret_basic').tk().as('TK').call('search', { token: null });
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['authorization-header'] });
  });

  test('says nothing without a server', () => {
    expect(judged(traffic().asm().reg().az({ resource: null }).tk({ resource: null }), RULE)).toEqual([]);
  });
});
