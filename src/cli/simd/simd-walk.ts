import type { StreamOptions } from '../../exchange/har-stream.ts';
import { OPEN_ARRAY, OPEN_OBJECT, plainWalk, QUOTE, type Walk } from '../../exchange/json-bytes.ts';
import wasm from './walk.as.ts?wasm';

/** Where the bytes to read begin in the module's memory; before them is its own. */
const BASE = 1 << 10;
/** The walks read so many bytes behind the last one. */
const SLACK = 16;
const PAGE = 1 << 16;

interface Walks {
  skipString(from: number, to: number): number;
  skipNested(from: number, to: number): number;
}

/** What makes reading quick here: the processor's wide registers, or else Node's own search. */
export function quickReading(): Pick<StreamOptions, 'memory' | 'walk'> {
  try {
    const walk = new SimdWalk();
    return { memory: walk.memory, walk };
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

/** Walks over bytes in a WebAssembly module's memory, sixteen at a time; with the same outcomes as `plainWalk`. */
export class SimdWalk implements Walk {
  readonly #pages = new WebAssembly.Memory({ initial: 64 });
  readonly #walks: Walks;
  #bytes: Uint8Array = Buffer.alloc(0);

  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(wasm, 'base64'));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory: this.#pages } });
    this.#walks = exports as unknown as Walks;
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
    if (bytes !== this.#bytes) return plainWalk.skipString(bytes, from, to);
    return offset(this.#walks.skipString(from + BASE, to + BASE));
  }

  skipValue(bytes: Uint8Array, from: number, to: number): number {
    if (bytes !== this.#bytes || from >= to) return plainWalk.skipValue(bytes, from, to);
    const first = bytes[from];
    if (first === QUOTE) return offset(this.#walks.skipString(from + BASE, to + BASE));
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) return offset(this.#walks.skipNested(from + BASE, to + BASE));
    return plainWalk.skipValue(bytes, from, to);
  }
}

/** An offset in the bytes that were read, or the sign that is none. */
function offset(inMemory: number): number {
  return inMemory < 0 ? inMemory : inMemory - BASE;
}
