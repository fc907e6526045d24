import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { sourceZip } from './source-zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'sources-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder's files with their bytes. */
function contents(path: string): ReadonlyMap<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const paths = names.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(paths.map((file) => [file.slice(path.length), readFileSync(file).toString('base64')]));
}

/** As `npm run build:firefox` does, in a process that is no test's. */
function buildFirefox(cwd: string, outDir: string): void {
  const { NODE_ENV: _, ...env } = process.env;
  const vite = join(cwd, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', '--mode', 'firefox', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error'];
  execFileSync(process.execPath, args, { cwd, env, stdio: 'pipe' });
}

test('the source zip builds the Firefox package byte for byte, wherever it is unpacked', () => {
  const archive = sourceZip();
  expect(Buffer.from(sourceZip()).equals(archive)).toBe(true);
  const sources = join(folder, 'unpacked here');
  for (const [name, bytes] of Object.entries(unzipSync(archive))) {
    mkdirSync(dirname(join(sources, name)), { recursive: true });
    writeFileSync(join(sources, name), bytes);
  }
  // The packages that the lock file names are installed already; only the sources are in question.
  symlinkSync(resolve('node_modules'), join(sources, 'node_modules'));
  const built = join(sources, 'dist/firefox');
  const outDir = join(folder, 'from the checkout');
  buildFirefox(sources, built);
  buildFirefox(resolve('.'), outDir);
  const here = contents(outDir);
  expect(here.size).toBeGreaterThan(5);
  expect([...contents(built).keys()]).toEqual([...here.keys()]);
  expect(contents(built)).toEqual(here);
}, 300_000);
