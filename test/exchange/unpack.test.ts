import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../src/exchange/unpack.ts';
import { chunksOf, textOf } from './streams.ts';

const text = '{"log":{"entries":[],"comment":"Grüße \u{1f600}"}}';

async function unpacked(bytes: Uint8Array, size = 7): Promise<string> {
  return textOf(unpack(chunksOf(bytes, size)));
}

/** A member of a zip archive: local header and data (APPNOTE 4.3.7). */
function member(
  name: string,
  data: Buffer,
  options: { method?: number; sizeUnknown?: boolean; encrypted?: boolean } = {},
): Buffer {
  const { method = 8, sizeUnknown = false, encrypted = false } = options;
  const packed = method === 8 ? deflateRawSync(data) : data;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE((sizeUnknown ? 8 : 0) | (encrypted ? 1 : 0), 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(sizeUnknown ? 0 : packed.length, 18);
  header.writeUInt32LE(sizeUnknown ? 0 : data.length, 22);
  header.writeUInt16LE(Buffer.byteLength(name), 26);
  return Buffer.concat([header, Buffer.from(name), packed]);
}

const trailer = Buffer.from('PK\u0001\u0002 central directory follows');

describe('text', () => {
  it.each([1, 2, 3, 1000])('passes as it is, in chunks of %i', async (size) => {
    expect(await unpacked(Buffer.from(text), size)).toBe(text);
    expect(await unpacked(Buffer.from(''), size)).toBe('');
  });
  it('loses its byte order mark', async () => {
    expect(await unpacked(Buffer.from(`\ufeff${text}`), 1)).toBe(text);
  });
  it.each([
    ['utf-16le with mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16le without', Buffer.from(text, 'utf16le')],
    ['utf-16be with mark', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['utf-16be without', Buffer.from(text, 'utf16le').swap16()],
  ])('in %s becomes UTF-8', async (_, bytes) => {
    expect(await unpacked(bytes, 3)).toBe(text);
  });
});

describe('gzip', () => {
  it('is expanded, whatever is inside', async () => {
    expect(await unpacked(gzipSync(text))).toBe(text);
    expect(await unpacked(gzipSync(Buffer.from(`\ufeff${text}`, 'utf16le')), 1)).toBe(text);
  });
  it('that is cut off yields what it had, and fails in plain words', async () => {
    const noise = Array.from({ length: 40_000 }, (_, index) => ((index * 7919) % 10007).toString(36)).join();
    const packed = gzipSync(noise);
    let read = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of unpack(chunksOf(packed.subarray(0, packed.length - 500), 1000)))
        read += decoder.decode(chunk);
    })();
    await expect(reading).rejects.toThrow('the gzip data is damaged or cut off');
    expect(read.length).toBeGreaterThan(1000);
    expect(noise.startsWith(read)).toBe(true);
  });
  it('that expands beyond measure is not read on', async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20));
    await expect(unpacked(bomb, 1 << 16)).rejects.toThrow('more than 200 times its size');
    const limited = textOf(unpack(chunksOf(bomb, 1 << 16), { times: 1e6, bytes: 2 << 20 }));
    await expect(limited).rejects.toThrow('more than 2 MiB');
  });
});

describe('zip', () => {
  const data = Buffer.from(text);
  it.each([
    ['deflated', member('a.har', data)],
    ['stored', member('a.HAR', data, { method: 0 })],
    ['deflated, its size behind it', member('a.har', data, { sizeUnknown: true })],
    [
      'behind other files',
      Buffer.concat([
        member('read me.txt', Buffer.from('hello')),
        member('folder/', Buffer.alloc(0), { method: 0 }),
        member('folder/a.json', data),
      ]),
    ],
  ])('%s is read', async (_, archive) => {
    expect(await unpacked(Buffer.concat([archive, trailer]), 5)).toBe(text);
  });
  it.each([
    ['no file of that kind', member('a.txt', data), /no file that ends in \.har or \.json/],
    ['another kind of compression', member('a.har', data, { method: 12 }), /method 12/],
    ['encrypted', member('a.har', data, { encrypted: true }), /encrypted/],
    ['stored, of unknown size', member('a.har', data, { method: 0, sizeUnknown: true }), /not supported/],
    ['damaged', Buffer.concat([member('a.har', data).subarray(0, 35), Buffer.alloc(40, 0xff)]), /damaged/],
  ])('with %s says so', async (_, archive, words) => {
    await expect(unpacked(Buffer.concat([archive, trailer]))).rejects.toThrow(words);
  });
});
