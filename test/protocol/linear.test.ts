import { expect, it } from 'vitest';
import { growth } from './linear.ts';

function steps(count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum = (sum * 31 + i) | 0;
  return sum;
}

// Another process may take a turn in the middle of a measure; the bounds stay.
it('tells a quadratic reader from a linear one', { retry: 5 }, () => {
  const input = (n: number) => 'x'.repeat(n);
  expect(growth((text) => steps(text.length * 20), input)).toBeLessThan(3);
  expect(growth((text) => steps(text.length ** 2), input, 4000)).toBeGreaterThan(3.5);
});
