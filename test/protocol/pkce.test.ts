import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasVerifierForm, s256 } from '../../src/protocol/pkce.ts';
import { order, repeated } from '../linear.ts';

it('computes the example of RFC 7636 appendix B', () => {
  expect(s256('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
});

it('agrees with another implementation on any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (verifier) => {
      expect(s256(verifier)).toBe(createHash('sha256').update(verifier, 'utf8').digest('base64url'));
    }),
  );
});

it.each([
  ['a'.repeat(43), true],
  ['AZaz09._~-'.repeat(12), true],
  ['a'.repeat(42), false],
  ['z'.repeat(129), false],
  [`${'z'.repeat(50)}+`, false],
  ['0123456789abcdef'.repeat(4), false],
  ['REDACTED', false],
])('tells what has the form of a verifier: %s', (text, expected) => {
  expect(hasVerifierForm(text)).toBe(expected);
});

it('is linear', () => {
  expect(order(s256, (n) => repeated('a', n))).toBeLessThan(1.7);
});
