import { describe, expect, test } from 'vitest';
import { type NamedBlob, parseHar, readHarFile } from '../../src/capture/har-file.ts';

const file = (text: string, name = 'a.har'): NamedBlob => ({ name, size: text.length, text: async () => text });

describe('readHarFile', () => {
  test('reads a HAR document, with or without byte order mark', async () => {
    const document = { log: { entries: [{ a: 1 }] } };
    const text = JSON.stringify(document);
    expect(await readHarFile(file(text))).toEqual({ ok: true, name: 'a.har', log: document });
    expect(await readHarFile(file(`\ufeff${text}`))).toEqual({ ok: true, name: 'a.har', log: document });
  });

  test('names the file and the field at fault', async () => {
    const messages = await Promise.all(
      ['', '[]', 'null', '{"log":3}', '{"log":{"entries":{}}}', '{}'].map(async (text) => {
        const read = await readHarFile(file(text, 'b.har'));
        return read.ok ? 'read' : read.message;
      }),
    );
    expect(messages).toEqual([
      'b.har: the file is empty',
      'b.har: the JSON is not an object; a HAR file is an object with "log"',
      'b.har: the JSON is not an object; a HAR file is an object with "log"',
      'b.har: "log" is not an object',
      'b.har: "log.entries" is not an array; this is not a HAR file',
      'b.har: "log.entries" is not an array; this is not a HAR file',
    ]);
  });

  test('says where the JSON breaks off', () => {
    const read = parseHar('{"log":\n {"entries": [1 2]}', 'c.har');
    expect(read.ok ? '' : read.message).toContain('c.har: not JSON at line 2, column 17');
  });

  test('refuses what is too large before reading it', async () => {
    const huge = { name: 'd.har', size: 11_000_000, text: () => Promise.reject(new Error('must not be read')) };
    const read = await readHarFile(huge, 10_000_000);
    expect(read.ok ? '' : read.message).toContain('11 MB is more than the 10 MB');
  });

  test('a file that vanished is a message, not an exception', async () => {
    const read = await readHarFile({ name: 'e.har', size: 5, text: () => Promise.reject(new Error('gone')) });
    expect(read).toEqual({ ok: false, name: 'e.har', message: 'e.har: the file could not be read' });
  });
});
