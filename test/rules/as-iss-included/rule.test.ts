import { describe, test } from 'vitest';
import { expectOnly } from '../judged.ts';
import { PROMISED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'as-iss-included';
const WITHOUT = { answer: { iss: null } } as const;

describe(RULE, () => {
  test('passes with iss, in an error too', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'landing', quoted: 'https%3A%2F%2Fas.example.com' });
    expectOnly(signIn({ az: { error: 'access_denied' }, tk: null }), RULE, 'pass');
  });

  test('is a warning about the authorization server without it, and an error when it was promised', () => {
    expectOnly(signIn({ members: {}, az: WITHOUT }), RULE, 'warning', {
      at: 'landing',
      part: 'request.url',
      quoted: null,
      party: 'authorization-server',
      says: 'no iss',
    });
    expectOnly(signIn({ members: PROMISED, az: WITHOUT }), RULE, 'error', { at: 'landing', says: 'promises iss' });
    expectOnly(signIn({ members: {}, az: { ...WITHOUT, error: 'access_denied' }, tk: null }), RULE, 'warning');
  });

  test.each(['2025-03-26', '2025-11-25', null] as const)('is a note when the revision is %s', (revision) => {
    expectOnly(signIn({ revision, az: WITHOUT }), RULE, 'note', { says: 'guidance from 2026-07-28' });
  });

  test('is open when the response was not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-response'] });
  });
});
