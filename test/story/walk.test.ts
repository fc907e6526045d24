import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Call } from '../../src/story/model.ts';
import { bySent, Sorted } from '../../src/story/order.ts';
import { those, type Walk, walked } from '../../src/story/walk.ts';

const call = (sent: number, entry: number): Call => ({ exchange: { sent, entry }, status: 200 }) as unknown as Call;

test('a walk that goes on has gathered what a walk over all gathers, whatever comes late', () => {
  const steps = fc.array(fc.array(fc.nat({ max: 100 }), { maxLength: 60 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(steps, (batches) => {
      const walk = those(({ exchange }) => exchange.sent % 3 !== 0);
      const calls = new Sorted<Call>(bySent);
      let entry = 0;
      for (const batch of batches) {
        for (const sent of batch) {
          calls.add(call(sent, entry));
          entry += 1;
        }
        const all = calls.items.filter(({ exchange }) => exchange.sent % 3 !== 0);
        expect(walked({ calls: calls.items }, walk)).toEqual(all);
      }
    }),
  );
});

test('each call is taken once', () => {
  const calls = new Sorted<Call>(bySent);
  let taken = 0;
  const walk: Walk<null> = {
    begin: () => null,
    take: () => {
      taken += 1;
    },
  };
  for (let entry = 0; entry < 100; entry += 1) {
    calls.add(call(entry, entry));
    walked({ calls: calls.items }, walk);
  }
  expect(taken).toBe(100);
});

test('two walks over the same calls do not meet', () => {
  const calls = [call(1, 0), call(2, 1)];
  const first = those(({ exchange }) => exchange.sent === 1);
  const second = those(({ exchange }) => exchange.sent === 2);
  expect(walked({ calls }, first)).toEqual([calls[0]]);
  expect(walked({ calls }, second)).toEqual([calls[1]]);
});
