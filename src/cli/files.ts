import { rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unpack } from '../exchange/unpack.ts';
import { type Io, UsageError } from './io.ts';

/** The UTF-8 bytes of a file, or of standard input for `-`: unpacked, without byte order mark. */
export interface Source {
  readonly path: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Opens a file (or standard input for `-`); throws UsageError naming the file. `onBytes` is told of each piece as it is read. */
export async function openSource(
  path: string,
  io: Pick<Io, 'readInput'>,
  onBytes: (bytes: number) => void = () => {},
): Promise<Source> {
  if (path === '-') return { path, bytes: unpack(counted(io.readInput(), onBytes)) };
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw new UsageError('a folder, not a HAR file');
    }
    return { path, bytes: unpack(counted(pieces(file), onBytes)) };
  } catch (error) {
    throw new UsageError(`${path}: ${reasonOf(error)}`);
  }
}

/** Bytes of one piece of a file: large enough to be quick, small enough to stay in a processor's cache. */
const PIECE = 1 << 20;

/** The pieces of a file, each valid until the next is asked for; that one is read meanwhile. */
async function* pieces(file: FileHandle): AsyncGenerator<Uint8Array> {
  let [memory, other] = [new Uint8Array(PIECE), new Uint8Array(PIECE)];
  let reading = file.read(memory, 0, PIECE, null);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      const piece = memory.subarray(0, bytesRead);
      [memory, other] = [other, memory];
      reading = file.read(memory, 0, PIECE, null);
      // Its failure, if any, is told when it is waited for.
      reading.catch(() => {});
      yield piece;
    }
  } finally {
    await reading.catch(() => {});
    await file.close();
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    onBytes(piece.length);
    yield piece;
  }
}

/** The whole text of a source; throws UsageError naming the file. */
export async function readSource({ path, bytes }: Source): Promise<string> {
  const decoder = new TextDecoder();
  const texts: string[] = [];
  try {
    for await (const piece of bytes) texts.push(decoder.decode(piece, { stream: true }));
    texts.push(decoder.decode());
    return texts.join('');
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof RangeError ? 'too large to be held as text' : reasonOf(error)}`);
  }
}

/** A JSON file, parsed; throws UsageError naming the file. */
export async function readJsonFile(path: string, io: Io): Promise<unknown> {
  const text = await readSource(await openSource(path, io));
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trim() === '') throw new UsageError(`${path}: empty`);
    throw new UsageError(`${path}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
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
  const temporary = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.tmp`);
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
