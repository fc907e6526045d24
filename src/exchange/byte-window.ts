import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT, QUOTE, UNFINISHED } from './json-bytes.ts';

/** Values up to this many bytes are looked at in one piece. */
const LARGEST_WHOLE = 32 << 20;
/** Of a value larger than that, each string keeps this many bytes, and all of it no more than `LARGEST_WHOLE`. */
const LARGEST_STRING = 1 << 20;

/** Makes memory of so many bytes, of which the first are a copy of those `held`. */
export type Memory = (length: number, held: Uint8Array) => Uint8Array;

function plainMemory(length: number, held: Uint8Array): Uint8Array {
  const memory = new Uint8Array(length);
  memory.set(held);
  return memory;
}

/** A window on a stream of bytes: what is before it is gone, what is behind it has not been read. */
export class ByteWindow {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #memory: Memory;
  #bytes: Uint8Array;
  #ended = false;
  /** Bytes of the stream before the window. */
  #gone = 0;
  from = 0;
  to = 0;
  /** Why the stream ended early, in the words of whoever made it; null when it did not. */
  failure: string | null = null;

  constructor(source: AsyncIterable<Uint8Array>, memory: Memory = plainMemory) {
    this.#source = source[Symbol.asyncIterator]();
    this.#memory = memory;
    this.#bytes = memory(1 << 18, new Uint8Array(0));
  }

  /** The memory of which `from` to `to` is the window; another one after `more`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where the window begins in the stream, bytes. */
  get offset(): number {
    return this.#gone + this.from;
  }

  /** Reads on; false when the stream has ended. What was at `from` is still there, maybe at another offset. */
  async more(): Promise<boolean> {
    if (this.#ended) return false;
    let chunk: Uint8Array;
    try {
      const next = await this.#source.next();
      if (next.done === true) {
        this.#ended = true;
        return false;
      }
      chunk = next.value;
    } catch (error) {
      this.#ended = true;
      this.failure = error instanceof Error ? error.message : String(error);
      return false;
    }
    this.#makeRoom(chunk.length);
    this.#bytes.set(chunk, this.to);
    this.to += chunk.length;
    return true;
  }

  /** Lets the source know that no more is wanted. */
  async close(): Promise<void> {
    this.#ended = true;
    try {
      await this.#source.return?.();
    } catch {
      // It has been read as far as needed.
    }
  }

  /**
   * Reads on until `measure` finds the end of the value at `from`: the offset behind it, `UNFINISHED` when
   * the stream ends inside, or what else `measure` returns. A value too large to hold is cut first.
   */
  async whole(measure: (bytes: Uint8Array, from: number, to: number) => number): Promise<Measured> {
    for (;;) {
      const end = measure(this.#bytes, this.from, this.to);
      if (end !== UNFINISHED) return { end, cut: null };
      const held = this.to - this.from;
      if (held > LARGEST_WHOLE) return this.#cut();
      // Twice as much each time, so that a large value is not measured anew for every chunk.
      const wanted = Math.max(1, held * 2);
      while (this.to - this.from < wanted) if (!(await this.more())) break;
      if (this.#ended && this.to - this.from === held) return { end: UNFINISHED, cut: null };
    }
  }

  /** Passes over the value at `from`, keeping the beginnings of its strings. */
  async #cut(): Promise<Measured> {
    const cutter = new ValueCutter();
    for (;;) {
      const end = cutter.take(this.#bytes, this.from, this.to);
      if (end >= 0) {
        this.from = end;
        return { end, cut: cutter.result() };
      }
      this.from = this.to;
      if (!(await this.more())) return { end: UNFINISHED, cut: null };
    }
  }

  #makeRoom(length: number): void {
    const held = this.to - this.from;
    if (this.to + length <= this.#bytes.length) return;
    const needed = held + length;
    if (needed <= this.#bytes.length) this.#bytes.copyWithin(0, this.from, this.to);
    else {
      const length = Math.max(needed, this.#bytes.length * 2);
      this.#bytes = this.#memory(length, this.#bytes.subarray(this.from, this.to));
    }
    this.#gone += this.from;
    this.from = 0;
    this.to = held;
  }
}

export interface Measured {
  readonly end: number;
  /** A copy of the value with its long strings cut, where it was too large to hold; null bytes when even that is. */
  readonly cut: { readonly bytes: Uint8Array | null } | null;
}

/** Copies one object or array byte by byte, leaving out what is too long. */
class ValueCutter {
  #kept = new Uint8Array(1 << 20);
  #size = 0;
  #depth = 0;
  #inString = false;
  #escape = 0;
  #stringLength = 0;
  #isTooLarge = false;

  /** The offset behind the value; `UNFINISHED` when it goes on. */
  take(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.#inString) this.#inside(byte);
      else {
        this.#keep(byte);
        if (byte === QUOTE) {
          this.#inString = true;
          this.#stringLength = 0;
        } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth += 1;
        else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#depth -= 1;
      }
      if (this.#depth <= 0 && !this.#inString) return at + 1;
    }
    return UNFINISHED;
  }

  result(): { readonly bytes: Uint8Array | null } {
    return { bytes: this.#isTooLarge ? null : this.#kept.subarray(0, this.#size) };
  }

  #inside(byte: number): void {
    this.#stringLength += 1;
    const isFirstOfCharacter = this.#escape === 0 && (byte & 0xc0) !== 0x80;
    if (this.#stringLength > LARGEST_STRING && isFirstOfCharacter) this.#stringLength = Number.POSITIVE_INFINITY;
    if (this.#escape === 0 && byte === QUOTE) {
      this.#inString = false;
      this.#keep(byte);
      return;
    }
    if (this.#stringLength !== Number.POSITIVE_INFINITY) this.#keep(byte);
    if (this.#escape > 0) this.#escape = this.#escape === 1 && byte === LETTER_U ? 4 : this.#escape - 1;
    else if (byte === BACKSLASH) this.#escape = 1;
  }

  #keep(byte: number): void {
    if (this.#isTooLarge) return;
    if (this.#size === this.#kept.length) {
      if (this.#size * 2 > LARGEST_WHOLE * 2) {
        this.#isTooLarge = true;
        this.#kept = new Uint8Array(0);
        return;
      }
      const larger = new Uint8Array(this.#size * 2);
      larger.set(this.#kept);
      this.#kept = larger;
    }
    this.#kept[this.#size] = byte;
    this.#size += 1;
  }
}

const LETTER_U = 0x75;
