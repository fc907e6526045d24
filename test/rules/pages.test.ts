import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { explainCommand } from '../../src/cli/rules-command.ts';
import { rulePage, rules } from '../../src/rules/registry.ts';
import { isOneSentence } from './shortcomings.ts';

const FOLDER = new URL('../../src/rules/', import.meta.url);

/** Names of the folders that hold a rule. */
const ids = readdirSync(FOLDER, { withFileTypes: true })
  .filter((item) => item.isDirectory() && readdirSync(new URL(`${item.name}/`, FOLDER)).includes('rule.ts'))
  .map(({ name }) => name);

const HEADINGS = [
  '## Why it matters',
  '## What the specification says',
  '## Passes',
  '## Fails',
  '## Cannot tell',
  '## How to mend it',
  '## When it is right to ignore it',
];

const readPage = (id: string): string => readFileSync(new URL(`${id}/page.md`, FOLDER), 'utf8');

interface Parts {
  /** The lines outside fenced blocks. */
  readonly lines: readonly string[];
  readonly fenced: readonly string[];
  /** Whether every block is closed. */
  readonly closed: boolean;
}

function partsOf(page: string): Parts {
  const lines: string[] = [];
  const fenced: string[] = [];
  let open = false;
  for (const line of page.split('\n')) {
    if (line.startsWith('```')) open = !open;
    else (open ? fenced : lines).push(line);
  }
  return { lines, fenced, closed: !open };
}

const isHeading = (line: string): boolean => line.trimStart().startsWith('#');

/** The text under a heading. */
function section(page: string, heading: string): string {
  const after = page.split(`${heading}\n`)[1] ?? '';
  return (after.split('\n## ')[0] ?? '').trim();
}

/** Control characters other than the line feed, which ends lines. */
function controls(text: string): readonly number[] {
  return [...text]
    .map((character) => character.codePointAt(0) ?? 0)
    .filter((code) => (code < 32 && code !== 10) || (code >= 127 && code < 160) || code === 0x2028 || code === 0x2029);
}

/** Text that holds `http://`, other than code that names a loopback address. */
function bareHttp(page: string): readonly string[] {
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  const { lines, fenced } = partsOf(page);
  const spans = lines.map((line) => line.split('`'));
  const written = spans.flatMap((parts) => parts.filter((_, index) => index % 2 === 0));
  const code = [...fenced, ...spans.flatMap((parts) => parts.filter((_, index) => index % 2 === 1))];
  const targets = code.flatMap((text) => text.split('http://').slice(1));
  const foreign = targets.filter((rest) => !loopback.some((host) => rest.startsWith(host)));
  return [...written.filter((text) => text.includes('http://')), ...foreign];
}

/** The client SDKs that a page for client developers speaks to, by what it calls them. */
const SDKS = {
  'TypeScript SDK v1': /\bTypeScript SDK\b.*\bv1\b/s,
  'TypeScript SDK v2': /\bTypeScript SDK\b.*\bv2\b/s,
  'Python SDK': /\bPython SDK\b/,
  'Rust SDK': /\bRust SDK\b/,
};

/** The SDKs that no item of a list names. */
function unnamedSdks(list: string): readonly string[] {
  const items = list.split('\n- ');
  return Object.entries(SDKS)
    .filter(([, name]) => !items.some((item) => name.test(item)))
    .map(([sdk]) => sdk);
}

describe('the checks themselves', () => {
  it('see what they look for', () => {
    expect(isOneSentence('Keep the token. Use it.')).toBe(false);
    expect(isOneSentence('Keep the token')).toBe(false);
    expect(isOneSentence('Look below /.well-known/ and follow OAuth 2.1.')).toBe(true);
    expect(controls('a\u001b[31mb\u009bc\td')).toEqual([0x1b, 0x9b, 9]);
    expect(unnamedSdks('- TypeScript SDK v2: does so.\n- Rust SDK (`rmcp`): update to v1.')).toEqual([
      'TypeScript SDK v1',
      'Python SDK',
    ]);
    expect(unnamedSdks('- TypeScript SDK v1 and v2,\n  Python SDK, Rust SDK: do so.')).toEqual([]);
    expect(bareHttp('see http://example.com')).toHaveLength(1);
    expect(bareHttp('use `http://example.com`')).toHaveLength(1);
    expect(bareHttp('use `http://localhost:3000/mcp`\n```\nGET http://127.0.0.1/\n```\n')).toEqual([]);
    expect(bareHttp('```\nGET http://example.com/\n```\n')).toHaveLength(1);
  });
});

it('finds the rules, each under the name of its folder', () => {
  expect(ids.length).toBeGreaterThan(0);
  expect(rules.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

describe.each(ids)('%s', (id) => {
  const page = readPage(id);
  const rule = rules.find((known) => known.id === id);

  it('has the headings of every page, in order', () => {
    const { lines, closed } = partsOf(page);
    const [title, ...rest] = lines.filter(isHeading);
    expect(closed).toBe(true);
    expect(page.startsWith('# ')).toBe(true);
    expect(title?.slice(2).trim().length).toBeGreaterThan(0);
    expect(rest).toEqual(HEADINGS);
  });

  it('says something under each heading, and shows traffic that passes and fails', () => {
    const [, intro] = page.split('\n\n');
    expect(intro?.startsWith('#')).toBe(false);
    for (const heading of HEADINGS) expect(section(page, heading), heading).not.toBe('');
    for (const heading of ['## Passes', '## Fails']) expect(section(page, heading), heading).toContain('```\n');
  });

  it('is text without control characters, and links by https', () => {
    expect(controls(page)).toEqual([]);
    expect(bareHttp(page)).toEqual([]);
  });

  it('says how to be excused, and links what the rule rests on', () => {
    expect(section(page, '## When it is right to ignore it')).toContain(`--rule ${id}=`);
    const links = (rule?.spec ?? []).map(({ url }) => url);
    expect(links.some((url) => section(page, '## What the specification says').includes(url))).toBe(true);
  });

  it('says to users of each SDK what to do, where the client is at fault', () => {
    const unnamed = unnamedSdks(section(page, '## How to mend it'));
    if (rule?.party === 'client') expect(unnamed).toEqual([]);
  });

  it('is what the command explains', async () => {
    const written: string[] = [];
    const io: Pick<Io, 'out'> = { out: async (text) => void written.push(text) };
    await explainCommand([id], io as Io);
    expect(written.join('')).toBe(page);
  });

  it('is what the registry gives', async () => {
    expect(await rulePage(id)).toBe(page);
  });

  it('belongs to a rule with a title, spec links and a fix of one sentence', () => {
    expect(rule?.title.trim()).not.toBe('');
    expect(rule?.spec.length).toBeGreaterThan(0);
    for (const { text, url } of rule?.spec ?? []) {
      expect(text.trim()).not.toBe('');
      expect(URL.canParse(url) && new URL(url).protocol).toBe('https:');
    }
    expect(isOneSentence(rule?.fix ?? ''), rule?.fix).toBe(true);
  });
});
