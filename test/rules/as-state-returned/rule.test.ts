import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'as-state-returned';

describe(RULE, () => {
  test('passes when the state comes back as it was, in an error too', () => {
    expectOnly(
      signIn({ az: { extra: { state: 'a+b c-0123456789' }, answer: { state: 'a+b c-0123456789' } } }),
      RULE,
      'pass',
      { at: 'landing' },
    );
    expectOnly(signIn({ az: { error: 'access_denied' }, tk: null }), RULE, 'pass');
  });

  test.each(['2025-03-26', '2025-11-25', '2026-07-28', null] as const)(
    'is an error of the authorization server when the revision is %s',
    (revision) => {
      const log = signIn({ revision, az: { answer: { state: 'another-state-01234' } } });
      expectOnly(log, RULE, 'error', {
        at: 'landing',
        part: 'request.url',
        quoted: 'another-state-01234',
        party: 'authorization-server',
        says: 'another state',
      });
      expectOnly(signIn({ revision, az: { answer: { state: null } } }), RULE, 'error', {
        at: 'landing',
        quoted: null,
        says: 'without the state',
      });
    },
  );

  test('is open when nothing shows that the response answers the request', () => {
    const log = signIn({
      az: { answer: { state: 'another-state-01234' }, elsewhere: 'https://as.example.com/login' },
      tk: null,
    });
    expectOnly(log, RULE, 'open', { at: 'landing', missing: ['token-request'] });
  });

  test('is open when the response or the value was not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-response'] });
    expectOnly(signIn({ az: { answer: { state: '***' } } }), RULE, 'open', { missing: ['state'] });
  });

  test('says nothing when no state was sent', () => {
    expect(judged(signIn({ az: { omit: ['state'], answer: { state: null } } }), RULE)).toEqual([]);
  });
});
