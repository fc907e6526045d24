import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { authorize, discovered, register } from '../registrations.ts';

const RULE = 'as-redirect-uri-exact';
const OTHER = 'https://evil.example.net/steal';

describe(RULE, () => {
  test('passes a redirect to a registered URI, and a refusal of another', () => {
    expectOnly(authorize(register(discovered())), RULE, 'pass');
    expectOnly(authorize(register(discovered()), { redirect: OTHER, answer: 400 }), RULE, 'pass', { says: 'refused' });
  });

  test.each([
    ['a code', 'code' as const],
    ['an error', { error: 'access_denied' }],
  ])('is an error to redirect elsewhere with %s', (_, answer) => {
    const log = authorize(register(discovered()).as('REG'), { redirect: OTHER, answer }).as('AZ');
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'response.headers.location',
      party: 'authorization-server',
      says: OTHER,
    });
    expect(judged(log, RULE)[0]?.evidence.map(({ part }) => part)).toEqual([
      'response.headers.location',
      'request.url',
      'response.content',
    ]);
  });

  test('is open without the answer or the registration', () => {
    expectOnly(authorize(register(discovered()), { redirect: OTHER, answer: 'none' }), RULE, 'open', {
      missing: ['authorization-response'],
    });
    expectOnly(authorize(discovered()), RULE, 'open', { missing: ['client-registration'] });
  });

  test('says nothing where a registered URI was not come back to', () => {
    expect(judged(authorize(register(discovered()), { answer: 'none' }), RULE)).toEqual([]);
  });
});
