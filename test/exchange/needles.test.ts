import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Needles, SHORTEST } from '../../src/exchange/needles.ts';

/** Few characters, so that texts stand in one another, and begin where they do not end. */
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'é'), maxLength, size: 'max' });
/** Texts to look for, and one in which the first of them may stand. */
const search = fc
  .tuple(fc.array(text(12), { minLength: 1, maxLength: 4 }), text(20), fc.boolean(), text(20))
  .map(([texts, before, isThere, behind]) => ({ texts, body: before + (isThere ? texts[0] : '') + behind }));

it.each([false, true])('finds what a search for each text finds (ignoreCase: %s)', (ignoreCase) => {
  const count = { found: 0, missed: 0 };
  fc.assert(
    fc.property(search, fc.nat(5), fc.nat(5), ({ texts, body }, before, behind) => {
      const bytes = new TextEncoder().encode(body);
      const from = Math.min(before, bytes.length);
      const to = Math.max(from, bytes.length - behind);
      const needles = texts.map((one) => new TextEncoder().encode(one)).filter(({ length }) => length >= SHORTEST);
      const same = (one = 0, other = 0): boolean => (ignoreCase ? (one | 0x20) === (other | 0x20) : one === other);
      const stands = needles.some((needle) => {
        for (let at = from; at + needle.length <= to; at += 1)
          if (needle.every((byte, index) => same(byte, bytes[at + index]))) return true;
        return false;
      });
      count[stands ? 'found' : 'missed'] += 1;
      expect(new Needles(texts, { ignoreCase }).isIn(bytes, from, to)).toBe(stands);
    }),
    { numRuns: 5000 },
  );
  expect(count.found).toBeGreaterThan(500);
  expect(count.missed).toBeGreaterThan(500);
});
