import { describe, expect, test } from 'vitest';
import { ISSUER } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'as-iss-value';
const EVIL = 'https://evil.example.com';

describe(RULE, () => {
  test('passes when iss is the issuer', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'landing', quoted: 'https%3A%2F%2Fas.example.com' });
  });

  test('is an error of the authorization server when it is another, by spelling only too', () => {
    const log = signIn({ az: { answer: { iss: EVIL } } });
    expectOnly(log, RULE, 'error', {
      at: 'landing',
      part: 'request.url',
      quoted: 'https%3A%2F%2Fevil.example.com',
      party: 'authorization-server',
      says: 'mixing up',
    });
    expectOnly(signIn({ az: { answer: { iss: `${ISSUER}/` } } }), RULE, 'error', { at: 'landing', says: `${ISSUER}/` });
  });

  test.each(['2025-03-26', '2025-11-25', null] as const)('is a note when the revision is %s', (revision) => {
    expectOnly(signIn({ revision, az: { answer: { iss: EVIL } } }), RULE, 'note', { says: 'guidance from 2026-07-28' });
  });

  test('does not apply when the issuer of the metadata is itself in doubt', () => {
    expectOnly(signIn({ members: { issuer: 'https://old.example.com' } }), RULE, 'notApplicable');
  });

  test('is open without the metadata or the response; says nothing without iss', () => {
    expectOnly(signIn({ members: null }), RULE, 'open', { at: 'landing', missing: ['authorization-server-metadata'] });
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-response'] });
    expect(judged(signIn({ az: { answer: { iss: null } } }), RULE)).toEqual([]);
  });
});
