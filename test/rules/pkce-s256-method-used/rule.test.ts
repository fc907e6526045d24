import { describe, test } from 'vitest';
import { expectOnly } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'pkce-s256-method-used';

describe(RULE, () => {
  test('passes with S256', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'AZ', quoted: 'S256' });
  });

  test.each(['plain', 's256', 'S512'])('is an error with %s', (method) => {
    const log = signIn({ az: { extra: { code_challenge_method: method } } });
    expectOnly(log, RULE, 'error', { at: 'AZ', part: 'request.url', quoted: method, party: 'client', says: method });
  });

  test('is an error without a method, which means plain, and without any PKCE', () => {
    expectOnly(signIn({ revision: null, az: { omit: ['code_challenge_method'] } }), RULE, 'error', {
      at: 'AZ',
      quoted: null,
      says: 'plain',
    });
    expectOnly(signIn({ az: { omit: ['code_challenge', 'code_challenge_method'] } }), RULE, 'error', {
      says: 'no PKCE',
    });
  });

  test('is a warning in a page without https, where there is no SHA-256', () => {
    const extra = { code_challenge_method: 'plain', redirect_uri: 'http://192.168.1.5/callback' };
    expectOnly(signIn({ az: { extra } }), RULE, 'warning', { says: 'https' });
  });

  test('says so when the authorization server lists plain only', () => {
    const members = { code_challenge_methods_supported: ['plain'] };
    expectOnly(signIn({ members, az: { extra: { code_challenge_method: 'plain' } } }), RULE, 'error', {
      says: 'lists no S256',
    });
  });

  test.each(['2025-03-26', '2025-06-18'] as const)('is a note in %s', (revision) => {
    expectOnly(signIn({ revision, az: { extra: { code_challenge_method: 'plain' } } }), RULE, 'note', {
      says: '2025-11-25',
    });
  });

  test('is open when the request, or its parameters, were not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
