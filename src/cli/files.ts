import { randomUUID } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Io, UsageError } from './io.ts';

/** A parsed input, and its text without byte order mark. */
export interface JsonFile {
  readonly document: unknown;
  readonly text: string;
}

/**
 * Reads a file (or standard input for `-`) and parses it as JSON; throws UsageError naming the file.
 * `onBytes` is told of each piece as it is read.
 */
export async function readJsonFile(
  path: string,
  io: Io,
  onBytes: (bytes: number) => void = () => {},
): Promise<JsonFile> {
  let text: string;
  try {
    text = path === '-' ? await io.readInput(onBytes) : await readText(path, onBytes);
  } catch (error) {
    throw new UsageError(`${path}: ${reasonOf(error)}`);
  }
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  try {
    return { document: JSON.parse(text), text };
  } catch (error) {
    if (text.trim() === '') throw new UsageError(`${path}: empty`);
    throw new UsageError(`${path}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readText(path: string, onBytes: (bytes: number) => void): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    pieces.push(Buffer.from(piece));
    onBytes(piece.length);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Bytes of a file; 0 when it is no file or cannot be looked at. */
export async function sizeOf(path: string): Promise<number> {
  try {
    const { size } = await stat(path);
    return path === '-' ? 0 : size;
  } catch {
    return 0;
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

/** Writes a file whole or not at all: to a temporary name beside it, then renamed. An interrupt takes the temporary file away. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  const interrupted = (signal: NodeJS.Signals): void => {
    rmSync(temporary, { force: true });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  // Only while a half file exists: at any other time the system's own way of ending is the quickest.
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
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
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
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
