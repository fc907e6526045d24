import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'pkce-code-challenge-sent';

describe(RULE, () => {
  test('passes with a code challenge', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'AZ', part: 'request.url' });
  });

  test.each(['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', null] as const)(
    'is an error without one when the revision is %s',
    (revision) => {
      const log = signIn({ revision, az: { omit: ['code_challenge', 'code_challenge_method'] } });
      expectOnly(log, RULE, 'error', { at: 'AZ', part: 'request.url', quoted: null, party: 'client' });
    },
  );

  test('is an error with an empty one', () => {
    expectOnly(signIn({ az: { extra: { code_challenge: '' } } }), RULE, 'error', { at: 'AZ' });
  });

  test('says nothing where no code is asked for', () => {
    expect(
      judged(signIn({ az: { extra: { response_type: 'token' }, omit: ['code_challenge'] }, tk: null }), RULE),
    ).toEqual([]);
  });

  test('is open when the request, or its parameters, were not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
