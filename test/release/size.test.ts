import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Bounds of the contract, bytes. */
const largestZip = 1_000_000;
const largestDependency = 25_000;

const folder = mkdtempSync(join(tmpdir(), 'size-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The package that a module belongs to; null for our own, and for what the bundler adds. */
function packageOf(module: string): string | null {
  const path = module.split('/node_modules/').at(-1);
  if (path === undefined || path === module) return null;
  const [scope = '', name = ''] = path.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/** Builds an extension, every package it takes in a file of its own, and gives their names and compressed sizes. */
async function dependencies(mode: 'chrome' | 'firefox'): Promise<ReadonlyMap<string, number>> {
  const outDir = join(folder, `${mode}-parted`);
  await build({
    configFile: resolve('vite.config.ts'),
    mode,
    logLevel: 'error',
    build: {
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [{ test: /node_modules/, name: (module) => `package-${packageOf(module)?.replace('/', '~')}` }],
          },
        },
      },
    },
  });
  const sizes = new Map<string, number>();
  for (const file of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
    const name = /package-(.+?)-[\w-]{8}\.js$/.exec(file)?.[1]?.replace('~', '/');
    if (name === undefined) continue;
    sizes.set(name, (sizes.get(name) ?? 0) + gzipSync(readFileSync(join(outDir, file))).length);
  }
  return sizes;
}

/** Rows of the README's list of dependencies: the packages, and why each is there. */
function listed(): ReadonlyMap<string, string> {
  const readme = readFileSync('README.md', 'utf8');
  const section = readme.slice(readme.indexOf('### Dependencies that ship'));
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return new Map(
    rows.slice(2).flatMap((row) => {
      const [, names = '', why = ''] = row.split('|');
      return names.split(',').map((name) => [name.trim(), why.trim()] as const);
    }),
  );
}

describe.each(['chrome', 'firefox'] as const)('the %s extension', (mode) => {
  let sizes: ReadonlyMap<string, number>;
  beforeAll(async () => {
    sizes = await dependencies(mode);
  }, 240_000);

  test('takes in only what the README lists', () => {
    expect(sizes.size).toBeGreaterThan(3);
    const known = listed();
    expect([...sizes.keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  test('has no dependency over 25 KB, compressed, whose reason the README does not tell', () => {
    const known = listed();
    const large = [...sizes].filter(([, size]) => size > largestDependency);
    expect(large.filter(([name]) => !/\d+ KB/.test(known.get(name) ?? ''))).toEqual([]);
  });

  test('is a zip of less than 1 MB', async () => {
    const outDir = join(folder, mode);
    await build({
      configFile: resolve('vite.config.ts'),
      mode,
      logLevel: 'error',
      build: { outDir, emptyOutDir: true },
    });
    const files = readdirSync(outDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    expect(files.length).toBeGreaterThan(10);
    const entries = files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(outDir.length + 1), new Uint8Array(readFileSync(path))] as const;
    });
    expect(zipSync(Object.fromEntries(entries)).length).toBeLessThan(largestZip);
  }, 240_000);
});
