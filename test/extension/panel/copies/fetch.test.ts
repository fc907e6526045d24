import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEntry } from '../../../../src/exchange/read-har.ts';
import { fetchCall } from '../../../../src/extension/panel/copies/fetch.ts';

interface Call {
  readonly url: string;
  readonly options: { method: string; headers: [string, string][]; body?: string; credentials: string };
}

/** Runs the copied text as a console would, `fetch` being a stand-in that tells what it was given. */
async function run(text: string): Promise<Call> {
  let call: Call | null = null;
  const run = new Function('fetch', `return (async () => { ${text} })();`);
  await run(async (url: string, options: Call['options']) => {
    call = { url, options };
  });
  if (call === null) throw new Error('fetch was not called');
  return call;
}

const exchange = (headers: { name: string; value: string }[], text: string, url = 'https://mcp.example/mcp') =>
  readEntry(
    {
      request: { method: 'POST', url, headers, postData: { mimeType: 'text/plain', text } },
      response: { status: 200 },
    },
    0,
    [],
    0,
  );

describe('a request as fetch', () => {
  test('is called with the address, the fields and the body as they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (body) => {
        const text = fetchCall(exchange([{ name: 'Authorization', value: 'Bearer `$x`"\\' }], body)) ?? '';
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
        const { url, options } = await run(text);
        expect(url).toBe('https://mcp.example/mcp');
        expect(options.body).toBe(body);
        expect(options.headers).toEqual([
          ['Authorization', 'Bearer `$x`"\\'],
          ['Content-Type', 'text/plain'],
        ]);
        expect(new Request(url, options as RequestInit).method).toBe('POST');
      }),
    );
  });

  test('leaves to the browser what a page may not set', async () => {
    const headers = ['Cookie', 'Origin', 'User-Agent', 'Sec-Fetch-Mode', 'X-Own'].map((name) => ({ name, value: 'a' }));
    const { options } = await run(fetchCall(exchange(headers, 'b')) ?? '');
    expect(options.headers.map(([name]) => name)).toEqual(['X-Own', 'Content-Type']);
    expect(options.credentials).toBe('include');
    expect(fetchCall(exchange([], '', 'ftp://mcp.example/'))).toBeNull();
  });
});
