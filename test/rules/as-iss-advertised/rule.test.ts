import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'as-iss-advertised';

describe(RULE, () => {
  test('passes when the metadata promises it', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'landing' });
  });

  test.each([{}, { authorization_response_iss_parameter_supported: false }])(
    'is an error of the authorization server with %o',
    (members) => {
      const log = signIn({ members });
      expectOnly(log, RULE, 'error', {
        at: 'landing',
        part: 'request.url',
        quoted: 'https%3A%2F%2Fas.example.com',
        party: 'authorization-server',
      });
    },
  );

  test.each(['2025-03-26', '2025-11-25', null] as const)('is a note when the revision is %s', (revision) => {
    expectOnly(signIn({ revision, members: {} }), RULE, 'note', { says: 'guidance from 2026-07-28' });
  });

  test('is open without the metadata or the response; says nothing without iss', () => {
    expectOnly(signIn({ members: null }), RULE, 'open', { at: 'landing', missing: ['authorization-server-metadata'] });
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-response'] });
    expect(judged(signIn({ az: { answer: { iss: null } } }), RULE)).toEqual([]);
  });
});
