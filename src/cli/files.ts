import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Io, UsageError } from './io.ts';

/** Reads a HAR file (or standard input for `-`) and parses it as JSON; throws UsageError naming the file. */
export async function readHarFile(path: string, io: Io): Promise<unknown> {
  let text: string;
  try {
    text = path === '-' ? await io.readInput() : await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: ${reasonOf(error)}`);
  }
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    if (text.trim() === '') throw new UsageError(`${path}: empty`);
    throw new UsageError(`${path}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EISDIR':
      return 'a folder, not a HAR file';
    case 'EACCES':
      return 'not readable';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Writes a file whole or not at all: to a temporary name beside it, then renamed. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new UsageError(`cannot make the folder ${path}: ${reasonOf(error)}`);
  }
}

/** One name per input: `session.har` becomes `session.json`; equal names are numbered. */
export function outputNames(inputs: readonly string[], extension: string): readonly string[] {
  const taken = new Set<string>();
  return inputs.map((input) => {
    const base = input === '-' ? 'standard-input' : basename(input).replace(/\.har$/i, '');
    let name = `${base}.${extension}`;
    for (let number = 2; taken.has(name); number++) name = `${base}-${number}.${extension}`;
    taken.add(name);
    return name;
  });
}
