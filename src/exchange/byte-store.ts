import type { Needles } from './needles.ts';
import { Integers } from './numbers.ts';

/** Bytes of one page of memory. */
const PAGE = 1 << 20;

/** Many short runs of bytes, kept in few pages of memory and numbered in order. */
export class ByteStore {
  readonly #pages: Bytes[] = [];
  #used = PAGE;
  /** Of each run its page, where it begins there, and its length. */
  readonly #runs = new Integers();

  get size(): number {
    return this.#runs.length / 3;
  }

  /** Keeps a copy; returns its number. */
  add(bytes: Bytes, from: number, to: number): number {
    const length = to - from;
    if (this.#used + length > PAGE) {
      this.#pages.push(new Bytes(new Uint8Array(Math.max(PAGE, length))));
      this.#used = 0;
    }
    const page = this.#pages.length - 1;
    const memory = this.#pages[page];
    if (memory) copy(bytes, from, memory, this.#used, length);
    this.#runs.push(page);
    this.#runs.push(this.#used);
    this.#runs.push(length);
    this.#used += length;
    return this.size - 1;
  }

  /** The bytes of that number: a view of the store's own memory. */
  get(number: number): Uint8Array {
    const start = this.#runs.at(number * 3 + 1);
    const page = this.#pages[this.#runs.at(number * 3)]?.array ?? new Uint8Array(0);
    return page.subarray(start, start + this.length(number));
  }

  /** Whether one of the texts stands in the run of that number; it is looked at where it lies. */
  holds(number: number, needles: Needles): boolean {
    const page = this.#pages[this.#runs.at(number * 3)];
    const start = this.#runs.at(number * 3 + 1);
    return page !== undefined && needles.isIn(page.array, start, start + this.length(number));
  }

  length(number: number): number {
    return this.#runs.at(number * 3 + 2);
  }

  /** Whether the run of that number is these bytes. */
  equals(number: number, bytes: Bytes, from: number, to: number): boolean {
    const length = to - from;
    if (this.length(number) !== length) return false;
    const page = this.#pages[this.#runs.at(number * 3)];
    return page !== undefined && sameLength(bytes, from, page, this.#runs.at(number * 3 + 1), length) === length;
  }
}

/** Bytes that can be looked at one by one and four at a time. */
export class Bytes {
  readonly array: Uint8Array;
  readonly view: DataView;

  constructor(array: Uint8Array) {
    this.array = array;
    this.view = new DataView(array.buffer, array.byteOffset, array.byteLength);
  }
}

/** A run this long is worth a view of its own and a call of the engine's copying, bytes. */
const LONG = 512;

/** Copies so many bytes. */
export function copy(from: Bytes, at: number, to: Bytes, toAt: number, length: number): void {
  if (length > LONG) {
    to.array.set(from.array.subarray(at, at + length), toAt);
    return;
  }
  let index = 0;
  for (; index + 4 <= length; index += 4) to.view.setInt32(toAt + index, from.view.getInt32(at + index));
  for (; index < length; index += 1) to.array[toAt + index] = from.array[at + index] ?? 0;
}

/** Of two runs of so many bytes, how many are the same before one differs. */
export function sameLength(one: Bytes, at: number, other: Bytes, otherAt: number, length: number): number {
  const { view } = one;
  const otherView = other.view;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    const apart = view.getInt32(at + index, true) ^ otherView.getInt32(otherAt + index, true);
    // The lowest bit that is set is the first byte's.
    if (apart !== 0) return index + ((31 - Math.clz32(apart & -apart)) >> 3);
  }
  while (index < length && one.array[at + index] === other.array[otherAt + index]) index += 1;
  return index;
}
