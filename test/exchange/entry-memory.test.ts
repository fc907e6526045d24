import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HarStreamReading, readHarStream } from '../../src/exchange/har-stream.ts';
import { OrdinaryExchange } from '../../src/exchange/ordinary-exchange.ts';
import { chunksOf } from './streams.ts';

/** JSON of an object with some of these members, in any order, some of them twice, with white space of any kind. */
function object(
  values: Readonly<Record<string, fc.Arbitrary<string>>>,
  always: readonly string[],
): fc.Arbitrary<string> {
  const names = Object.keys(values);
  const member = (name: string): fc.Arbitrary<string> =>
    fc.tuple(gap, gap, values[name] ?? word).map(([a, b, value]) => `"${name}"${a}:${b}${value}`);
  return fc
    .tuple(fc.boolean(), fc.subarray([...names], { minLength: 1 }), fc.shuffledSubarray([...names]), gap, gap)
    .chain(([isUsual, some, shuffled, before, behind]) => {
      const chosen = isUsual ? some : shuffled;
      const all = [...chosen, ...always.filter((name) => !chosen.includes(name))];
      return fc.tuple(...all.map(member)).map((parts) => `{${before}${parts.join(`${behind},${before}`)}${behind}}`);
    });
}

const gap = fc.oneof(
  { weight: 12, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\n\t ') },
);
/** Values of which one begins as another does, or hides what ends it. */
const word = fc.constantFrom(
  ...['1', '12', '12.5', '-1', 'true', 'null', 'nul', '""', '"a"', '"ab"', '"a\\"b"', '"a\\\\"', '"é"', '"\\u0061"'],
  ...['{}', '[]', '{"a":1}', '{"a":12}', '["}","{"]', '[[1],[2]]'],
);
const field = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .tuple(
        gap,
        fc.constantFrom('accept', 'accept-language', 'cache-control', 'content-type', 'date', 'vary'),
        fc.constantFrom('"x"', '"xy"', '"x\\"y"', '"x,y"', '"\\\\"', '""', '"\\u0022"', '1', `"${'long '.repeat(60)}"`),
        gap,
      )
      .map(([a, name, value, b]) => `{"name":"${name}",${a}"value":${value}${b}}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{}',
      '7',
      '{"value":"x","name":"y"}',
      '{"name":"d\\u0061te","value":"x"}',
      '{"name":"y"}',
      '{"name":"accept","value":"x","comment":"y"}',
      '{"name":"authorization","value":"x"}',
    ),
  },
);
const fields = fc
  .tuple(gap, fc.array(field, { maxLength: 5 }))
  .map(([between, all]) => `[${between}${all.join(`${between},${between}`)}${between}]`);
const content = object(
  {
    size: word,
    mimeType: fc.constantFrom('"text/css"', '"text/html"'),
    text: fc.constantFrom('"a"', '"ab"'),
    encoding: word,
    x: word,
  },
  [],
);
const request = object(
  {
    method: fc.constantFrom('"GET"', '"GETS"'),
    url: fc.constantFrom('"https://a.example/"', '"https://a.example/x"', '"https://a.example/?code=1"'),
    headers: fields,
    'm\\u0065thod': word,
    bodySize: word,
  },
  ['method', 'url'],
);
const response = object(
  { status: fc.constantFrom('200', '20', '0'), headers: fields, content, redirectURL: word, _x: word },
  [],
);
const entry = object(
  {
    _priority: word,
    startedDateTime: fc.constantFrom('"2026-01-01T00:00:00.000Z"', '"2026-01-01T00:00:00.001Z"'),
    time: fc.constantFrom('1', '12', '1.5', '1e2', '0.1', '123456789.123456789'),
    request,
    response,
    request2: request,
    pageref: word,
  },
  ['startedDateTime', 'request', 'response'],
);

/** All that is known of one exchange, and what was told of it, wherever it stands in the log. */
function known(reading: HarStreamReading, at: number): unknown {
  const problems = reading.problems.filter((one) => one.entry === at).map((one) => `${one.field}: ${one.problem}`);
  // What is no JSON has the time of the entry before it.
  if (problems.includes(': not JSON')) return problems;
  const exchange = reading.exchanges[at];
  const isOrdinary = exchange instanceof OrdinaryExchange;
  const whole = isOrdinary ? exchange.whole() : exchange;
  return {
    isOrdinary,
    exchange: { ...whole, entry: 0 },
    raw: isOrdinary ? exchange.raw() : (reading.log?.entries as readonly unknown[] | undefined)?.[at],
    problems,
  };
}

const logOf = (entries: readonly string[]): string => `{"log":{"entries":[${entries.join(',')}]}}`;

describe('an entry', () => {
  it('is read alike whatever stood before it', async () => {
    let ordinary = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 5, max: 900 }),
        async (some, size) => {
          // Each comes again, so that all of it is known by then.
          const entries = [...some, ...some.toReversed(), ...some];
          const together = await readHarStream(chunksOf(logOf(entries), size));
          ordinary += together.ordinaryExchanges.length;
          expect(together.exchanges).toHaveLength(entries.length);
          for (const [at, text] of entries.entries()) {
            expect(known(together, at)).toEqual(known(await readHarStream(chunksOf(logOf([text]))), 0));
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(ordinary).toBeGreaterThan(200);
  });
  it('that is damaged is found damaged whatever stood before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        entry,
        fc.nat(),
        fc.constantFrom('', ' ', '"', '}', ']', ',', '1', '\\'),
        async (text, place, put) => {
          const at = place % text.length;
          const damaged = text.slice(0, at) + put + text.slice(at + 1);
          const behind = await readHarStream(chunksOf(logOf([text, text, damaged, text])));
          const alone = await readHarStream(chunksOf(logOf([damaged, text])));
          const shift = 2 * (new TextEncoder().encode(text).length + 1);
          const told = (reading: HarStreamReading, first: number): unknown =>
            reading.problems
              .filter((one) => one.entry >= first)
              .map(({ entry: index, problem }) =>
                [
                  index - first,
                  problem.replace(/at byte (\d+)/, (_, byte) => `at ${Number(byte) - (first ? shift : 0)}`),
                ]
                  .join()
                  .replace(/\(\d+ entries\)/, ''),
              );
          // Alone, an entry that does not end leaves no exchange: then it is the log's problem.
          if (alone.exchanges.length === 0) expect(behind.exchanges.length).toBe(2);
          else expect(told(behind, 2)).toEqual(told(alone, 0));
        },
      ),
      { numRuns: 1500 },
    );
  });
});
