import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstAfter, Sorted } from '../../src/story/order.ts';

const ascending = (one: number, other: number): number => one - other;

describe('a sorted list', () => {
  it('is in order whatever the order of its additions, read at any time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.boolean()), { maxLength: 300 }),
        (additions) => {
          const sorted = new Sorted<number>(ascending);
          for (const [index, [item, read]] of additions.entries()) {
            sorted.add(item);
            if (read) expect(sorted.items).toHaveLength(index + 1);
          }
          expect(sorted.items).toEqual(additions.map(([item]) => item).sort(ascending));
        },
      ),
    );
  });
  it('gives up what is taken out', () => {
    const sorted = new Sorted<number>(ascending);
    for (const item of [3, 1, 2, 2]) sorted.add(item);
    sorted.remove(2);
    sorted.remove(9);
    expect(sorted.items).toEqual([1, 2, 3]);
  });
  it('is searched by time', () => {
    expect([0, 1, 2, 5].map((time) => firstAfter([1, 2, 2, 4], time, (item) => item))).toEqual([0, 1, 3, 4]);
  });
});
