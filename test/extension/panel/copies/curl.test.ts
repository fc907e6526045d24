import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../../src/exchange/exchange.ts';
import { readEntry } from '../../../../src/exchange/read-har.ts';
import { curlCommand } from '../../../../src/extension/panel/copies/curl.ts';
import { shellWord } from '../../../../src/extension/panel/copies/shell.ts';

/** What `curl` would be given: a stand-in of that name, in a real shell, prints its arguments. */
function argumentsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}\n`;
  const printed = execFileSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
  });
  return printed.split('\0').slice(0, -1);
}

/** Texts that have hurt shells: quotes, substitutions, options, control and bidirectional characters. */
const hostile = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '$(touch /tmp/x)',
        '$HOME',
        '\\',
        '\n',
        '\t',
        '\r',
        '\u001b[201~',
        '\u0003',
        '\u007f',
        '\u0085',
        '\u202e',
        ';',
        '&',
        '|',
        '!',
        '#',
        '~',
        '*',
        '@',
        '-',
        '--',
        ' ',
        'é',
        '𝒳',
        '\ufeff',
        "'\\''",
        '$',
        '%',
        'x',
      ),
    )
    .map((parts) => parts.join('')),
);
/** What an argument can hold: no NUL, and as UTF-8 has it. */
const argument = hostile.map((text) => Buffer.from(text.replaceAll('\0', '')).toString());

interface Parts {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly body?: string;
}

function request({ method = 'POST', url = 'https://mcp.example/mcp', headers = [], body }: Parts): Exchange {
  const postData = body === undefined ? undefined : { mimeType: 'application/json', text: body };
  return readEntry({ request: { method, url, headers, postData }, response: { status: 200 } }, 0, [], 0);
}

describe('a word of the shell', () => {
  test('is exactly its text', () => {
    fc.assert(
      fc.property(argument, (text) => {
        expect(argumentsOf(`curl ${shellWord(text)}`)).toEqual([text]);
      }),
      { numRuns: 150 },
    );
  });

  test('holds nothing that a terminal acts upon when it is pasted', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(shellWord(text)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('a request as cURL', () => {
  test('gives curl the address, the fields and the body as they were', () => {
    fc.assert(
      fc.property(argument, argument, (body, value) => {
        const url = `https://mcp.example/mcp?a=${encodeURIComponent(value)}&b='$(id)'`;
        const headers = [{ name: 'Authorization', value: value.replaceAll(/[\r\n\0]/g, '').trim() }];
        const given = argumentsOf(curlCommand(request({ url, headers, body })) ?? '');
        expect(given.slice(0, 2)).toEqual(['--url', url]);
        if (headers[0]?.value) expect(given).toContain(`Authorization: ${headers[0].value}`);
        if (body !== '') expect(given.slice(-2)).toEqual(['--data-raw', body]);
      }),
      { numRuns: 100 },
    );
  });

  test('names the method only where curl would choose another', () => {
    expect(curlCommand(request({ method: 'GET' }))).not.toContain('--request');
    expect(curlCommand(request({ body: '{}' }))).not.toContain('--request');
    expect(curlCommand(request({ method: 'DELETE' }))).toContain("--request 'DELETE'");
    expect(curlCommand(request({ method: 'HEAD' }))).toContain('--head');
  });

  test('cannot be made to read a file or set an option', () => {
    const headers = [
      { name: '@/etc/passwd', value: '' },
      { name: ':authority', value: 'mcp.example' },
      { name: 'X-Split', value: 'a\r\nX-Other: b' },
      { name: 'X-Empty', value: '' },
      { name: 'Content-Length', value: '9' },
    ];
    const given = argumentsOf(curlCommand(request({ headers, body: '@/etc/passwd' })) ?? '');
    expect(given.slice(0, -1).join('\n')).not.toMatch(/^@|:authority|X-Split|Content-Length/m);
    expect(given).toContain('X-Empty;');
    expect(given.slice(-2)).toEqual(['--data-raw', '@/etc/passwd']);
    expect(curlCommand(request({ url: 'file:///etc/passwd' }))).toBeNull();
    expect(curlCommand(request({ url: '-K/etc/passwd' }))).toBeNull();
    expect(curlCommand(request({ url: 'https://[::1]/a{b}' }))).toContain('--globoff');
  });

  test('says what it had to leave out', () => {
    expect(curlCommand(request({ body: 'a\0b' }))).toMatch(/^# .*\n/);
    expect(argumentsOf(curlCommand(request({ body: 'a\0b' })) ?? '').at(-1)).toBe('ab');
  });
});
