import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from '../../src/capture/pace.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('what comes no faster than fifty a second is done as it comes', () => {
  const pace = new Pace();
  const done: number[] = [];
  for (let one = 0; one < 500; one += 1) {
    pace.take(
      () => done.push(one),
      () => expect.unreachable(),
    );
    expect(done).toHaveLength(one + 1);
    vi.advanceTimersByTime(20);
  }
});

test('of a burst only the first are done before it is over, and then all, in its order', () => {
  const pace = new Pace();
  const done: number[] = [];
  for (let one = 0; one < 1_000; one += 1) {
    pace.take(
      () => done.push(one),
      () => expect.unreachable(),
    );
    vi.advanceTimersByTime(2);
  }
  expect(done.length).toBeLessThan(30);
  vi.advanceTimersByTime(5_000);
  expect(done).toEqual(Array.from({ length: 1_000 }, (_, one) => one));
  expect(vi.getTimerCount()).toBe(0);
});

test('what waits is done when few come, though it never is quite calm', () => {
  const pace = new Pace();
  const done: number[] = [];
  const take = (one: number): void =>
    pace.take(
      () => done.push(one),
      () => expect.unreachable(),
    );
  for (let one = 0; one < 500; one += 1) take(one);
  for (let one = 500; one < 1_000; one += 1) {
    vi.advanceTimersByTime(100);
    take(one);
  }
  expect(done).toEqual(Array.from({ length: 1_000 }, (_, one) => one));
});

test('whatever comes when, each is done or dropped, once', () => {
  const coming = fc.array(fc.record({ after: fc.nat(300), number: fc.nat(900) }), { maxLength: 12 });
  fc.assert(
    fc.property(coming, fc.boolean(), (comings, stops) => {
      const pace = new Pace();
      const met: number[] = [];
      let all = 0;
      for (const { after, number } of comings) {
        vi.advanceTimersByTime(after);
        for (let one = 0; one < number; one += 1) {
          const own = all++;
          pace.take(
            () => met.push(own),
            () => met.push(own),
          );
        }
      }
      if (stops) pace.stop();
      else vi.advanceTimersByTime(60_000);
      expect(met.sort((one, other) => one - other)).toEqual(Array.from({ length: all }, (_, own) => own));
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 30 },
  );
});
