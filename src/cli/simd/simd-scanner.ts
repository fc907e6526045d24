import type { StreamOptions } from '../../exchange/har-stream.ts';
import { OPEN_ARRAY, OPEN_OBJECT, QUOTE } from '../../exchange/json-bytes.ts';
import { bodyMarks } from '../../exchange/markers.ts';
import { plainScanner, type Scanner } from '../../exchange/scanner.ts';
import wasm from './scanner.as.ts?wasm';

/** Where the bytes to read begin in the module's memory; before them is its own. */
const BASE = 1 << 14;
/** So many bytes behind the last one may be read. */
const SLACK = 32;
const PAGE = 1 << 16;

interface Exports {
  skipString(from: number, to: number): number;
  skipNested(from: number, to: number): number;
  findStart(from: number, to: number): number;
}

/** What makes reading quick here: the processor's wide registers, or else Node's own search. */
export function quickReading(): Pick<StreamOptions, 'memory' | 'scanner'> {
  try {
    const scanner = new SimdScanner();
    return { memory: scanner.memory, scanner };
  } catch {
    // No WebAssembly (`node --jitless`), an old processor, or no room for the memory's addresses.
    return { memory: bufferOf };
  }
}

function bufferOf(length: number, held: Uint8Array): Uint8Array {
  const buffer = Buffer.allocUnsafeSlow(length);
  buffer.set(held);
  return buffer;
}

let compiled: WebAssembly.Module | null = null;

/** Searches bytes in a WebAssembly module's memory, sixteen at a time, with the same outcomes as `plainScanner`. */
export class SimdScanner implements Scanner {
  readonly #pages = new WebAssembly.Memory({ initial: 64 });
  readonly #exports: Exports;
  #bytes: Uint8Array = Buffer.alloc(0);

  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(wasm, 'base64'));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory: this.#pages } });
    this.#exports = exports as unknown as Exports;
    writeTables(new Uint8Array(this.#pages.buffer, 0, BASE), [...bodyMarks.starts]);
  }

  /** The memory to read in, of which there is one at a time: so many bytes, the first of them those of `held`. */
  readonly memory = (length: number, held: Uint8Array): Uint8Array => {
    const missing = BASE + length + SLACK - this.#pages.buffer.byteLength;
    const [start, size] = [held.byteOffset, held.length];
    const isOwn = held.buffer === this.#pages.buffer;
    if (missing > 0) this.#pages.grow(Math.ceil(missing / PAGE));
    // Growing took the old view away, but its bytes are where they were.
    this.#bytes = Buffer.from(this.#pages.buffer, BASE, length);
    this.#bytes.set(isOwn ? new Uint8Array(this.#pages.buffer, start, size) : held);
    return this.#bytes;
  };

  skipString(bytes: Uint8Array, from: number, to: number): number {
    if (bytes !== this.#bytes) return plainScanner.skipString(bytes, from, to);
    return offset(this.#exports.skipString(from + BASE, to + BASE));
  }

  skipValue(bytes: Uint8Array, from: number, to: number): number {
    if (bytes !== this.#bytes || from >= to) return plainScanner.skipValue(bytes, from, to);
    const first = bytes[from];
    if (first === QUOTE) return offset(this.#exports.skipString(from + BASE, to + BASE));
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) return offset(this.#exports.skipNested(from + BASE, to + BASE));
    return plainScanner.skipValue(bytes, from, to);
  }

  isMarkedBody(bytes: Uint8Array, from: number, to: number): boolean {
    if (bytes !== this.#bytes) return plainScanner.isMarkedBody(bytes, from, to);
    for (let at = from; ; at += 1) {
      at = offset(this.#exports.findStart(at + BASE, to + BASE));
      if (at < 0) return false;
      if (bodyMarks.standsAt(bytes, at, from, to)) return true;
    }
  }
}

/** An offset in the bytes that were read, or the sign that is none. */
function offset(inMemory: number): number {
  return inMemory < 0 ? inMemory : inMemory - BASE;
}

/** Behind the tables by halves of bytes. */
const HASHES = 128;
const GROUPS = 8;

/** Writes the tables that `findStart` looks into. Texts that are alike come into one group, that few others fit it. */
function writeTables(memory: Uint8Array, starts: readonly number[]): void {
  for (const [index, start] of starts.toSorted((one, other) => one - other).entries()) {
    const group = 1 << Math.floor((index * GROUPS) / starts.length);
    const bytes = [start >>> 24, (start >>> 16) & 0xff, (start >>> 8) & 0xff, start & 0xff];
    for (const [place, byte] of bytes.entries()) {
      const table = place * 32;
      for (const at of [table + (byte & 0x0f), table + 16 + (byte >> 4)]) memory[at] = (memory[at] ?? 0) | group;
    }
    const word = bytes.reduceRight((value, byte) => (value << 8) | byte, 0);
    const hash = Math.imul(word, 0x9e3779b1) >>> 16;
    const at = HASHES + (hash >> 3);
    memory[at] = (memory[at] ?? 0) | (1 << (hash & 7));
  }
}
