import { describe, expect, test } from 'vitest';
import { ISSUER } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'sep-2468-client-reject-missing-iss';
const WITHOUT = { az: { answer: { iss: null } } } as const;

describe(RULE, () => {
  test('passes when the code was left alone and the client went on', () => {
    const log = signIn({ ...WITHOUT, tk: null })
      .wait(20_000)
      .az({ answer: { iss: ISSUER } })
      .tk();
    expect(judged(log, RULE).map(({ kind }) => kind)).toEqual(['pass', 'notApplicable']);
  });

  test('is an error of the client that redeemed the code', () => {
    expectOnly(signIn(WITHOUT), RULE, 'error', {
      at: 'landing',
      part: 'request.url',
      quoted: null,
      party: 'client',
      says: 'promises iss',
    });
  });

  test.each(['2025-03-26', '2025-11-25', null] as const)('is a note when the revision is %s', (revision) => {
    expectOnly(signIn({ ...WITHOUT, revision }), RULE, 'note', { says: 'guidance from 2026-07-28' });
  });

  test('does not apply when the response has it; says nothing when it was not promised', () => {
    expectOnly(signIn(), RULE, 'notApplicable');
    expect(judged(signIn({ ...WITHOUT, members: {} }), RULE)).toEqual([]);
  });

  test('does not look into signed responses (JARM)', () => {
    expect(judged(signIn({ az: { answer: { iss: null, response: 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln' } } }), RULE)).toEqual(
      [],
    );
  });

  test('is open without the metadata, the response or the token request', () => {
    expectOnly(signIn({ ...WITHOUT, members: null }), RULE, 'open', {
      at: 'landing',
      missing: ['authorization-server-metadata'],
    });
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-response'] });
    expectOnly(signIn({ ...WITHOUT, tk: null }), RULE, 'open', { at: 'landing', missing: ['token-request'] });
  });
});
