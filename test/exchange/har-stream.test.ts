import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHarStream } from '../../src/exchange/har-stream.ts';
import { readHar } from '../../src/exchange/read-har.ts';
import { entry, har } from '../report/hars.ts';
import { chunksOf } from './streams.ts';

const three = har([
  { url: 'https://a.example/one.js', contentType: 'application/javascript', content: 'let a = "{[\\"";' },
  { url: 'https://a.example/mcp', body: '{"jsonrpc":"2.0","id":1,"method":"ping"}', content: '{}' },
  { url: 'https://a.example/three.png', contentType: 'image/png', content: 'iVBORw0KGgo=' },
]);
const text = JSON.stringify(three);

/** What of an exchange is kept whatever it is. */
function essence(reading: ReturnType<typeof readHar>): unknown[] {
  return reading.exchanges.map(({ entry: at, sent, answered, method, url, request, response, page, part }) => {
    return { at, sent, answered, method, url, request, status: response.status, page, part };
  });
}

describe('a document in chunks', () => {
  it.each([1, 2, 3, 7, 64, 1e6])('of %i bytes reads as the whole does', async (size) => {
    const reading = await readHarStream(chunksOf(text, size));
    expect(essence(reading)).toEqual(essence(readHar(three)));
    expect(reading).toMatchObject({ creator: 'test 1', problems: [] });
    expect(reading.ordinaryExchanges.map((one) => one.entry)).toEqual([0, 2]);
  });
  it('keeps no body of a script or image, and says so', async () => {
    const { exchanges } = await readHarStream(chunksOf(text));
    expect(exchanges[0]?.response.body).toMatchObject({ state: 'cut', text: '', mimeType: 'application/javascript' });
    expect(exchanges[1]?.response.body).toMatchObject({ state: 'whole', text: '{}' });
  });
  it('keeps everything when asked to, members in their order', async () => {
    const reading = await readHarStream(chunksOf(text), { keep: 'all' });
    expect(JSON.stringify({ log: reading.log })).toBe(text);
    expect(reading.ordinaryExchanges).toEqual([]);
    expect(reading.exchanges).toEqual(readHar(three).exchanges);
  });
  it('may be the log itself, and the last of two logs or lists counts', async () => {
    expect((await readHarStream(chunksOf(JSON.stringify(three.log)))).exchanges).toHaveLength(3);
    const one = JSON.stringify(entry({ url: 'https://b.example/' }));
    const twice = `{"entries":[${one},${one}],"log":{"entries":[{}]},"log":{"entries":[1,2,3],"entries":[${one}]}}`;
    const { exchanges, problems } = await readHarStream(chunksOf(twice, 5));
    expect(exchanges.map(({ url }) => url)).toEqual(['https://b.example/']);
    expect(problems).toEqual([]);
    expect(essence(readHar(JSON.parse(twice)))).toHaveLength(1);
  });
  it('tells how far it is', async () => {
    const many = JSON.stringify(
      har(Array.from({ length: 9000 }, () => ({ url: 'https://a.example/x.js', content: 'y'.repeat(900) }))),
    );
    const told: number[] = [];
    await readHarStream(chunksOf(many, 1 << 16), { onProgress: (bytes) => told.push(bytes) });
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeLessThanOrEqual(many.length);
  });
});

describe('a document that is none', () => {
  it.each([
    ['', '', 'empty'],
    ['   ', '', 'not JSON'],
    ['{"log":', '', 'not JSON'],
    ['hello', '', 'not JSON'],
    ['{"a":1}', 'log', 'not an object'],
    ['[]', 'log', 'not an object'],
    ['7 ', 'log', 'not an object'],
    ['{"log":7}', 'log', 'not an object'],
    ['{"log":{}}', 'log.entries', 'not an array'],
    ['{"log":{"entries":{}}}', 'log.entries', 'not an array'],
  ])('%j is a problem of the log', async (document, field, problem) => {
    const { problems, exchanges } = await readHarStream(chunksOf(document, 3));
    expect(exchanges).toEqual([]);
    expect(problems).toMatchObject([{ entry: -1, field }]);
    expect(problems[0]?.problem).toContain(problem);
  });
});

describe('a damaged document', () => {
  it('cut anywhere is read up to the cut, and the cut is told', async () => {
    const whole = essence(readHar(three));
    for (let cut = 0; cut < text.length; cut += 1) {
      const { exchanges, problems } = await readHarStream(chunksOf(text.slice(0, cut), 50));
      expect(problems.at(-1)?.problem).toMatch(cut === 0 ? /empty/ : /cut off at byte|it ends at byte/);
      expect(whole.slice(0, exchanges.length).map((one) => JSON.stringify(one))).toEqual(
        essence({ creator: '', exchanges, problems, log: null }).map((one) => JSON.stringify(one)),
      );
    }
  });
  it('with an entry that is no JSON has the others', async () => {
    const broken = text.replace('"method":"POST"', '"method":POST');
    const { exchanges, problems } = await readHarStream(chunksOf(broken));
    expect(exchanges.map(({ url }) => url)).toEqual(['https://a.example/one.js', '', 'https://a.example/three.png']);
    expect(problems).toEqual([{ entry: 1, field: '', problem: expect.any(String) }]);
  });
  it('with text in place of an entry, or behind its end, says where', async () => {
    const at = text.indexOf(',{"startedDateTime"', 50);
    const middle = await readHarStream(chunksOf(`${text.slice(0, at)}, oops ${text.slice(at)}`));
    expect(middle.exchanges.map(({ url }) => url.slice(-4))).toEqual(['e.js', '', '/mcp', '.png']);
    expect(middle.problems).toEqual([{ entry: 1, field: '', problem: 'not JSON' }]);
    const outside = await readHarStream(chunksOf(`${text.slice(0, at)} ] oops ${text.slice(at)}`));
    expect(outside.problems.at(-1)?.problem).toMatch(/damaged at byte \d+; what was read up to there \(1 entries\)/);
    const behind = await readHarStream(chunksOf(`${text} oops`));
    expect(behind.exchanges).toHaveLength(3);
    expect(behind.problems.at(-1)?.problem).toContain('behind the end');
  });
  it('whose stream fails keeps what came before', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield* chunksOf(text.slice(0, -200));
      throw new Error('the gzip data is damaged or cut off');
    }
    const { exchanges, problems } = await readHarStream(failing());
    expect(exchanges).toHaveLength(2);
    expect(problems.at(-1)?.problem).toMatch(/^the gzip data is damaged or cut off at byte/);
  });
  it('of any bytes at all never makes it reject', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length), fc.string({ maxLength: 8 }), fc.nat(8), async (at, put, gone) => {
        const { exchanges, problems } = await readHarStream(
          chunksOf(text.slice(0, at) + put + text.slice(at + gone), 37),
        );
        expect(exchanges.every((one, index) => one.entry === index)).toBe(true);
        expect(Array.isArray(problems)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});

describe('hostile sizes', () => {
  it('100,000 levels of nesting are read over', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const nested = text
      .replace('"cache":{}', `"cache":${deep}`)
      .replace('"version":"1.2"', `"version":"1.2","_x":${deep}`);
    const { exchanges, problems } = await readHarStream(chunksOf(nested, 4096));
    expect(exchanges).toHaveLength(3);
    expect(problems).toEqual([]);
  });
  it('a text of 100 MB is cut to its beginning, and so it is said', async () => {
    async function* long(): AsyncGenerator<Uint8Array> {
      const at = text.indexOf('"text":"{}"') + 8;
      yield new TextEncoder().encode(text.slice(0, at));
      const piece = new TextEncoder().encode('\\"é\\u0041x'.repeat(1 << 16));
      for (let size = 0; size < 100e6; size += piece.length) yield piece;
      yield new TextEncoder().encode(text.slice(at));
    }
    const { exchanges, problems } = await readHarStream(long());
    expect(exchanges).toHaveLength(3);
    expect(problems).toEqual([{ entry: 1, field: '', problem: expect.stringContaining('too large') }]);
    expect(exchanges[1]?.response.body.text.startsWith('"éAx')).toBe(true);
    expect(exchanges[1]?.response.body.text.length).toBeLessThan(2e6);
    expect(exchanges[2]?.url).toBe('https://a.example/three.png');
  });
  it('many headers that differ are kept apart', async () => {
    const parts = Array.from({ length: 6000 }, (_, index) => ({
      url: `https://a.example/${index}.js`,
      requestHeaders: { Cookie: `id=${index}`, [`X-${index % 7}`]: 'same' },
    }));
    const document = har(parts);
    const reading = await readHarStream(chunksOf(JSON.stringify(document), 1 << 16));
    expect(reading.ordinaryExchanges).toHaveLength(6000);
    expect(essence(reading)).toEqual(essence(readHar(document)));
  });
});
