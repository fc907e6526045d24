import { expect, it } from 'vitest';
import { order } from './linear.ts';

function steps(count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum = (sum * 31 + i) | 0;
  return sum;
}

const input = (n: number) => 'x'.repeat(n);

it('tells a quadratic reader from a linear one', () => {
  expect(order((text) => steps(text.length * 20), input)).toBeLessThan(1.3);
  expect(order((text) => steps(text.length ** 2), input, 200)).toBeGreaterThan(1.8);
});
