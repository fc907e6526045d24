import { describe, expect, test } from 'vitest';
import { ISSUER, SERVER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'oauth21-forbidden-flow';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const;

describe(RULE, () => {
  test('passes the authorization code grant', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'AZ', quoted: 'code' });
  });

  test.each(['token', 'id_token token', 'code token'])('is an error of the client for response_type=%s', (type) => {
    const log = signIn({ az: { extra: { response_type: type } }, tk: null });
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'request.url',
      quoted: type.replace(' ', '+'),
      party: 'client',
      says: 'implicit',
    });
  });

  test('is a note for the hybrid flow without an access token', () => {
    expectOnly(signIn({ az: { extra: { response_type: 'code id_token' } } }), RULE, 'note', { at: 'AZ' });
  });

  test('is the fault of the authorization server when it puts a token into the redirect unasked', () => {
    const log = signIn({ az: { answer: { access_token: 'access-token-in-front-01' } } });
    expectOnly(log, RULE, 'error', {
      at: 'landing',
      quoted: 'access-token-in-front-01',
      party: 'authorization-server',
    });
  });

  test('is an error of the client for the password grant', () => {
    const form = new URLSearchParams({
      grant_type: 'password',
      username: 'u',
      password: 'p',
      client_id: 'c',
      resource: SERVER,
    });
    const answer = {
      body: JSON.stringify({ access_token: 'access-token-of-a-user-1', token_type: 'Bearer' }),
      mimeType: 'application/json',
    };
    const log = traffic()
      .challenge()
      .prm()
      .asm()
      .raw('POST', `${ISSUER}/token`, answer, {}, FORM, form.toString())
      .as('TK');
    expectOnly(log, RULE, 'error', { at: 'TK', part: 'request.postData', party: 'client', says: 'password' });
  });

  test('says nothing of a grant for no MCP server (guard G21), nor of client credentials', () => {
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'c', resource: SERVER });
    const answer = {
      body: JSON.stringify({ access_token: 'access-token-of-a-program', token_type: 'Bearer' }),
      mimeType: 'application/json',
    };
    const log = traffic().challenge().prm().asm().raw('POST', `${ISSUER}/token`, answer, {}, FORM, form.toString());
    expect(judged(log, RULE)).toEqual([]);
  });

  test('is open when the request, or its parameters, were not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
