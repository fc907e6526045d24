import { describe, expect, test } from 'vitest';
import { ISSUER } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'authorization-request';

describe(RULE, () => {
  test('passes when a code is asked for and the client named', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'AZ', part: 'request.url', quoted: 'code' });
    expectOnly(signIn({ az: { extra: { response_type: 'code id_token' } } }), RULE, 'pass');
  });

  test('is an error of the client when something else is asked for', () => {
    const log = signIn({ az: { extra: { response_type: 'id_token' } } });
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'request.url',
      quoted: 'id_token',
      party: 'client',
      says: 'response_type=id_token',
    });
  });

  test.each(['client_id', 'response_type'])('is an error of the client without %s', (name) => {
    const log = signIn({ az: { omit: [name] } });
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'request.url',
      quoted: null,
      party: 'client',
      says: `no ${name}`,
    });
  });

  test("takes the authorization server's own pages for no request", () => {
    const log = signIn().raw('GET', `${ISSUER}/authorize?client_id=client-one-0001&tab_id=1`, { status: 200 });
    expectOnly(log, RULE, 'pass');
  });

  test('leaves the implicit flow to another rule', () => {
    expect(judged(signIn({ az: { extra: { response_type: 'token' } }, tk: null }), RULE)).toEqual([]);
  });

  test('is open when the request, or its parameters, were not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
