import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimdScanner } from '../../../src/cli/simd/simd-scanner.ts';
import { readHarStream } from '../../../src/exchange/har-stream.ts';
import { plainScanner } from '../../../src/exchange/scanner.ts';
import { chunksOf } from '../../exchange/streams.ts';
import { har } from '../../report/hars.ts';

/** What matters to the searches, often; other bytes, of which some differ from brackets in one bit. */
const byte = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...[...'"\\\\{}[]'].map((sign) => sign.charCodeAt(0))) },
  { weight: 5, arbitrary: fc.constantFrom(...[...'a1,: '].map((sign) => sign.charCodeAt(0))) },
  { weight: 1, arbitrary: fc.nat(255) },
);

describe('searching sixteen bytes at a time', () => {
  it('comes to where searching byte by byte does', () => {
    const simd = new SimdScanner();
    const ends = { string: 0, value: 0 };
    fc.assert(
      fc.property(
        fc.array(byte, { minLength: 1, maxLength: 90, size: 'max' }),
        fc.nat(9),
        fc.nat(9),
        (some, before, cut) => {
          const from = Math.min(before, some.length);
          const to = Math.max(from, some.length - cut);
          const bytes = simd.memory(some.length, Uint8Array.from(some));
          const string = plainScanner.skipString(bytes, from, to);
          expect(simd.skipString(bytes, from, to)).toBe(string);
          const value = plainScanner.skipValue(bytes, from, to);
          expect(simd.skipValue(bytes, from, to)).toBe(value);
          if (string > from + 16) ends.string += 1;
          if (value > from + 16) ends.value += 1;
        },
      ),
      { numRuns: 20_000 },
    );
    expect(ends.string).toBeGreaterThan(200);
    expect(ends.value).toBeGreaterThan(50);
  });
  it('finds the marks of a body that a search byte by byte finds', () => {
    const simd = new SimdScanner();
    const marks = [
      'jsonrpc',
      'GRANT_TYPE',
      '"keys\\"',
      'mcp-',
      '/Mcp',
      'code=',
      'event: e',
      '\\u0041',
      '_endpoint',
      'jwks',
    ];
    const cutMark = fc
      .tuple(fc.constantFrom(...marks), fc.nat(2), fc.nat(2))
      .map(([mark, before, behind]) => mark.slice(Math.max(0, before - 1), mark.length - Math.max(0, behind - 1)));
    const filler = fc.string({
      unit: fc.constantFrom('m', 'c', 'p', '"', '_', 'e', ' ', 'é', '=', '\\'),
      maxLength: 30,
      size: 'max',
    });
    const found = { yes: 0, no: 0 };
    fc.assert(
      fc.property(fc.tuple(filler, fc.option(cutMark), filler), fc.nat(9), fc.nat(9), (parts, from, cut) => {
        const text = new TextEncoder().encode(parts.join(''));
        const to = Math.max(0, text.length - cut);
        const bytes = simd.memory(text.length + 40, text);
        // A mark that lies across the end is none.
        bytes.fill(0x6d, text.length);
        const isMarked = plainScanner.isMarkedBody(bytes, from, to);
        expect(simd.isMarkedBody(bytes, from, to)).toBe(isMarked);
        found[isMarked ? 'yes' : 'no'] += 1;
      }),
      { numRuns: 20_000 },
    );
    expect(found.yes).toBeGreaterThan(2000);
    expect(found.no).toBeGreaterThan(2000);
  });
  it('keeps what is held when the memory grows, and goes byte by byte in any other', () => {
    const simd = new SimdScanner();
    const first = simd.memory(20, new TextEncoder().encode('12345"a long string", 7'.slice(0, 20)));
    const larger = simd.memory(9e6, first.subarray(5));
    expect(new TextDecoder().decode(larger.subarray(0, 15))).toBe('"a long string"');
    expect(simd.skipString(larger, 0, 15)).toBe(15);
    expect(simd.skipValue(new TextEncoder().encode('"ab"'), 0, 4)).toBe(4);
    // What is behind the end of the bytes is not looked at.
    larger.fill(0x22, 14);
    expect(simd.skipString(larger, 0, 14)).toBe(-1);
  });
  it('reads a log, whatever happened to it, as before', async () => {
    const three = [
      { url: 'https://a.example/one.js', contentType: 'application/javascript', content: 'let a = "{[\\"";'.repeat(9) },
      { url: 'https://a.example/mcp', body: '{"jsonrpc":"2.0","id":1,"method":"ping"}', content: '{}' },
      { url: 'https://a.example/x.json', contentType: 'application/json', content: '[{"é":"\u0041\\"}]'.repeat(9) },
    ];
    const text = JSON.stringify(har([...three, ...three]));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length),
        fc.string({ maxLength: 4 }),
        fc.nat(8),
        fc.integer({ min: 7, max: 3000 }),
        async (at, put, gone, size) => {
          const changed = text.slice(0, at) + put + text.slice(at + gone);
          const simd = new SimdScanner();
          const quick = await readHarStream(chunksOf(changed, size), { memory: simd.memory, scanner: simd });
          const plain = await readHarStream(chunksOf(changed, size));
          expect(quick.problems).toEqual(plain.problems);
          expect(quick.log).toEqual(plain.log);
          expect(quick.ordinaryExchanges.map((one) => one.whole())).toEqual(
            plain.ordinaryExchanges.map((one) => one.whole()),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
