import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readHarStream } from '../../src/exchange/har-stream.ts';
import { readHar, readTime } from '../../src/exchange/read-har.ts';
import { readTimeAt } from '../../src/exchange/time-bytes.ts';
import { entry } from '../report/hars.ts';
import { chunksOf } from './streams.ts';

const digits = fc.string({ unit: fc.constantFrom('0', '1', '5', '9'), minLength: 1, maxLength: 12 });

it('numbers are those that a parser reads', async () => {
  const number = fc
    .tuple(fc.constantFrom('', '', '-'), digits, fc.option(digits), fc.constantFrom('', '', 'e2', 'E-3'))
    .map(([sign, whole, part, power]) => `${sign}${Number(whole)}${part === null ? '' : `.${part}`}${power}`);
  await fc.assert(
    fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 20 }), async (numbers) => {
      const one = JSON.stringify(entry({ url: 'https://a.example/x.js' })).replace(/"time":\d+/, '"time":#');
      const text = `{"log":{"entries":[${numbers.map((time) => one.replace('#', time)).join(',')}]}}`;
      const reading = await readHarStream(chunksOf(text));
      expect(reading.exchanges.map((exchange) => exchange.answered)).toEqual(
        readHar(JSON.parse(text)).exchanges.map((exchange) => exchange.answered),
      );
    }),
  );
});

it('times are those that are read from their text', () => {
  fc.assert(
    fc.property(
      fc.date({ noInvalidDate: true }),
      fc.option(fc.tuple(fc.nat(25), fc.constantFrom('0', '9', '"', '-', 'T', ' '))),
      (date, change) => {
        const text = JSON.stringify(date);
        const [at, put] = change ?? [0, '"'];
        const changed = `${text.slice(0, at)}${put}${text.slice(at + 1)}`;
        const bytes = new TextEncoder().encode(changed);
        if (change !== null && !/^"[^"]*"$/.test(changed)) return;
        expect(readTimeAt(bytes, 0, bytes.length)).toBe(readTime(changed.slice(1, -1)));
      },
    ),
    { numRuns: 3000 },
  );
});
