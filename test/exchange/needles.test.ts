import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Needles, SHORTEST } from '../../src/exchange/needles.ts';

/** Few characters, so that texts stand in one another, and begin where they do not end. */
const text = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'A', 'é'), minLength, maxLength });

it.each([false, true])('finds what a search for each text finds (ignoreCase: %s)', (ignoreCase) => {
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(text(0, 7), { maxLength: 4 }),
      text(0, 40),
      fc.nat(5),
      fc.nat(5),
      (texts, body, before, behind) => {
        const bytes = new TextEncoder().encode(body);
        const [from, to] = [Math.min(before, bytes.length), Math.max(before, bytes.length - behind)];
        const needles = texts.map((one) => new TextEncoder().encode(one)).filter(({ length }) => length >= SHORTEST);
        const same = (one = 0, other = 0): boolean => (ignoreCase ? (one | 0x20) === (other | 0x20) : one === other);
        const stands = needles.some((needle) => {
          for (let at = from; at + needle.length <= Math.min(to, bytes.length); at += 1)
            if (needle.every((byte, index) => same(byte, bytes[at + index]))) return true;
          return false;
        });
        if (stands) found += 1;
        expect(new Needles(texts, { ignoreCase }).isIn(bytes, from, Math.min(to, bytes.length))).toBe(stands);
      },
    ),
    { numRuns: 5000 },
  );
  expect(found).toBeGreaterThan(50);
});
