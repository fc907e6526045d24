import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/exchange/exchange.ts';
import { readHar } from '../../src/exchange/read-har.ts';
import { StoryBuilder } from '../../src/story/builder.ts';
import { longSession } from '../bench/session.ts';

/** How often anything of the exchanges of a session is read while `act` runs: a count of work that no clock disturbs. */
function counting(calls: number): {
  readonly exchanges: readonly Exchange[];
  readonly count: (act: () => void) => number;
} {
  let reads = 0;
  const { exchanges } = readHar({ log: { entries: longSession(calls) } });
  const watched = exchanges.map(
    (exchange) =>
      new Proxy(exchange, {
        get(target, name): unknown {
          reads += 1;
          return Reflect.get(target, name);
        },
      }),
  );
  const count = (act: () => void): number => {
    const before = reads;
    act();
    return reads - before;
  };
  return { exchanges: watched, count };
}

/** Work of a story after the last exchange, and of adding the first and the last tenth of them. */
function work(calls: number): { readonly story: number; readonly first: number; readonly last: number } {
  const { exchanges, count } = counting(calls);
  const builder = new StoryBuilder();
  const add = (from: number, to: number): number =>
    count(() => {
      for (const exchange of exchanges.slice(from, to)) builder.add(exchange);
    });
  const tenth = Math.floor(exchanges.length / 10);
  const first = add(0, tenth);
  add(tenth, exchanges.length - tenth);
  const last = add(exchanges.length - tenth, exchanges.length);
  builder.story();
  builder.add({ ...(exchanges.at(-1) as Exchange), entry: exchanges.length });
  return { story: count(() => builder.story()), first, last };
}

describe('one exchange more costs its own share', () => {
  const few = work(400);
  const many = work(6400);
  it('to add: the last as much as the first', () => {
    expect(many.last / many.first).toBeLessThan(1.5);
  });
  it('to tell: sixteen times the ordinary calls are not twice the work', () => {
    expect(few.story).toBeGreaterThan(0);
    expect(many.story / few.story).toBeLessThan(2);
  });
});
