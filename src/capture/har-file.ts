import { unpack } from '../exchange/unpack.ts';
import type { Analysis } from '../report/analysis.ts';
import { analyzeStream } from '../report/analyze-stream.ts';
import { turn } from './turn.ts';

/** A HAR file chosen, dropped or pasted by the user, as far as it could be read. */
export type HarFile =
  | { readonly ok: true; readonly name: string; readonly analysis: Analysis }
  | { readonly ok: false; readonly failure: FileFailure };

/** Why a file cannot be used, so that a person finds the place. */
export interface FileFailure {
  readonly file: string;
  /** Index in `log.entries`; null where it is about the file as a whole. */
  readonly entry: number | null;
  /** Path of the field, e.g. `log.entries`; empty where it is about no field. */
  readonly field: string;
  readonly problem: string;
}

/** What of `File` is needed, so that any Blob with a name will do. */
export interface NamedBlob {
  readonly name: string;
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
}

export interface ReadOptions {
  /** Told now and then how much of the file was read, 0 to 1. */
  readonly onProgress?: (part: number) => void;
  /** Ends the reading; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Largest file that is read, in bytes. */
  readonly limit?: number;
}

/** Larger files are for the command line: what of them is the story may not fit into a page, bytes. */
export const largestFile = 2_000_000_000;

/** Larger files are not kept whole: exchanges that cannot matter keep no response body, bytes. */
const largestWhole = 64_000_000;

/** Work for so long, milliseconds, lets the page have its turn. */
const longestSlice = 10;

/** What of the progress is reading; the rest is judging. */
const readingShare = 0.8;

/** How many times larger than itself a compressed recording usually is. */
const usualRatio = 12;

/**
 * Reads and analyses one HAR file as it streams by, compressed or not, in any recorder's dialect.
 * A file that is cut off or damaged is read as far as it goes, and the result's problems say so.
 */
export async function readHarFile(file: NamedBlob, options: ReadOptions = {}): Promise<HarFile> {
  const { name, size } = file;
  const { onProgress, signal, limit = largestFile } = options;
  const failed = (field: string, problem: string): HarFile => ({
    ok: false,
    failure: { file: name, entry: null, field, problem },
  });
  if (size > limit) {
    return failed(
      '',
      `too large: ${megabytes(size)} is more than the ${megabytes(limit)} that fit here; use the command line`,
    );
  }
  if (size === 0) return failed('', 'the file is empty');
  let read = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const reader = file.stream().getReader();
    let began = performance.now();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        if (signal?.aborted) return;
        read += next.value.length;
        onProgress?.((read / size) * readingShare);
        yield next.value;
        if (performance.now() - began < longestSlice) continue;
        await turn();
        began = performance.now();
      }
    } catch {
      throw new Error('the file could not be read');
    } finally {
      await reader.cancel().catch(() => {});
    }
  }
  const isPacked = /\.(?:gz|zip)$/i.test(name);
  const keep = size * (isPacked ? usualRatio : 1) > largestWhole ? 'story' : 'all';
  const pause = async (judged: number): Promise<void> => {
    signal?.throwIfAborted();
    onProgress?.(readingShare + judged * (1 - readingShare));
    await turn();
  };
  const analysis = await analyzeStream(unpack(bytes()), { name, keep, pause });
  signal?.throwIfAborted();
  onProgress?.(1);
  // What is wrong with the log itself leaves nothing to show.
  const whole = analysis.result.source.problems.find(({ entry }) => entry < 0);
  return whole === undefined ? { ok: true, name, analysis } : failed(whole.field, whole.problem);
}

/** One line that names the file, the entry and the field. */
export function failureText({ file, entry, field, problem }: FileFailure): string {
  const place = [entry === null ? '' : `entry ${entry}`, field === '' ? '' : `"${field}"`].filter(
    (word) => word !== '',
  );
  return place.length === 0 ? `${file}: ${problem}` : `${file}: ${place.join(', ')} is ${problem}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
