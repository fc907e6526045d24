import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { failureText, type HarFile, type NamedBlob, readHarFile } from '../../src/capture/har-file.ts';

const file = (content: string | Uint8Array<ArrayBuffer>, name = 'a.har'): NamedBlob => {
  const blob = new Blob([content]);
  return { name, size: blob.size, stream: () => blob.stream() };
};

const entry = {
  startedDateTime: '2026-01-01T00:00:00Z',
  time: 1,
  request: { method: 'GET', url: 'https://a.example/', headers: [] },
  response: { status: 200, headers: [], content: {} },
};
const har = JSON.stringify({ log: { version: '1.2', entries: [entry, entry] } });

const said = (read: HarFile): string =>
  read.ok ? `${read.analysis.exchanges.length} read` : failureText(read.failure);

describe('readHarFile', () => {
  test('reads a HAR document, with or without byte order mark, compressed or not', async () => {
    for (const content of [har, `\ufeff${har}`, new Uint8Array(gzipSync(har))]) {
      const read = await readHarFile(file(content));
      expect(said(read)).toBe('2 read');
      expect(read.ok && read.analysis.result.source.problems).toEqual([]);
    }
  });

  test('names the file and the field at fault', async () => {
    const texts = ['', '[]', 'null', '{"log":3}', '{"log":{"entries":{}}}', '{}', 'oops'];
    const messages = await Promise.all(texts.map(async (text) => said(await readHarFile(file(text, 'b.har')))));
    expect(messages).toEqual([
      'b.har: the file is empty',
      'b.har: "log" is not an object: this is no HAR',
      'b.har: "log" is not an object: this is no HAR',
      'b.har: "log" is not an object: this is no HAR',
      'b.har: "log.entries" is not an array',
      'b.har: "log" is not an object: this is no HAR',
      'b.har: not JSON: unexpected text at byte 0, before any entry',
    ]);
  });

  test('reads what is cut off as far as it goes, and says where that was', async () => {
    const read = await readHarFile(file(har.slice(0, -60), 'c.har'));
    expect(said(read)).toBe('1 read');
    const [problem] = read.ok ? read.analysis.result.source.problems : [];
    expect(problem?.problem).toContain('the file is cut off at byte');
  });

  test('refuses what is too large before reading it', async () => {
    const huge = {
      name: 'd.har',
      size: 11_000_000,
      stream: () => {
        throw new Error('must not be read');
      },
    };
    expect(said(await readHarFile(huge, { limit: 10_000_000 }))).toContain('11 MB is more than the 10 MB');
  });

  test('a file that vanished is a message, not an exception', async () => {
    const gone = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('gone')) });
    const read = await readHarFile({ name: 'e.har', size: 5, stream: () => gone });
    expect(read.ok ? '' : read.failure.file).toBe('e.har');
    expect(said(read)).toMatch(/could not be read/);
  });

  test('tells how far it is, and stops when it is told to', async () => {
    const parts: number[] = [];
    await readHarFile(file(har), { onProgress: (part) => parts.push(part) });
    expect(parts.at(-1)).toBe(1);
    expect(parts).toEqual(parts.toSorted((one, other) => one - other));
    const stop = new AbortController();
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        if (pulled === 3) stop.abort();
        controller.enqueue(
          new TextEncoder().encode(pulled === 1 ? '{"log":{"entries":[' : `${JSON.stringify(entry)},`),
        );
      },
    });
    const reading = readHarFile({ name: 'f.har', size: 1e6, stream: () => endless }, { signal: stop.signal });
    await expect(reading).rejects.toThrow();
    expect(pulled).toBeLessThan(10);
  });
});
