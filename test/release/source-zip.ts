import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Zippable, zipSync } from 'fflate';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm ci && npm run build` reads, and what a reviewer wants beside it. */
const parts = [
  'CHANGELOG.md',
  'LICENSE',
  'PRIVACY.md',
  'README.md',
  'manifest.json',
  'package-lock.json',
  'package.json',
  'public',
  'src',
  'tsconfig.json',
  'vite.config.ts',
];

/** The oldest time that a ZIP archive can hold, so that the same sources make the same archive. */
const mtime = new Date(1980, 0, 1);

/** The sources as a ZIP archive: unpacked anywhere, they build the packages byte for byte. */
export function sourceZip(): Uint8Array {
  const files: Zippable = {};
  for (const part of parts) {
    for (const path of filesOf(join(root, part))) {
      files[relative(root, path).split(sep).join('/')] = [readFileSync(path), { mtime }];
    }
  }
  return zipSync(files, { level: 9 });
}

function filesOf(path: string): string[] {
  const entries = readdirSync(dirname(path), { withFileTypes: true });
  const entry = entries.find(({ name }) => join(dirname(path), name) === path);
  if (entry === undefined) throw new Error(`${path} is missing`);
  if (!entry.isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , out = 'dist/packages/mcp-auth-inspector-source.zip'] = process.argv;
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, sourceZip());
}
