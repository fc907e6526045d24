/** Bytes of one page of memory. */
const PAGE = 1 << 20;

/** Many short runs of bytes, kept in few pages of memory and numbered in order. */
export class ByteStore {
  readonly #pages: Bytes[] = [];
  #used = PAGE;
  readonly #page = new Numbers(Uint32Array);
  readonly #start = new Numbers(Uint32Array);
  readonly #length = new Numbers(Uint32Array);

  get size(): number {
    return this.#page.length;
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
    this.#page.push(page);
    this.#length.push(length);
    this.#start.push(this.#used);
    this.#used += length;
    return this.#page.length - 1;
  }

  /** The bytes of that number: a view of the store's own memory. */
  get(number: number): Uint8Array {
    const start = this.#start.at(number);
    const page = this.#pages[this.#page.at(number)]?.array ?? new Uint8Array(0);
    return page.subarray(start, start + this.#length.at(number));
  }

  length(number: number): number {
    return this.#length.at(number);
  }

  /** Whether the run of that number is these bytes; the first `known` of them are not compared. */
  equals(number: number, bytes: Bytes, from: number, to: number, known = 0): boolean {
    if (this.#length.at(number) !== to - from) return false;
    const page = this.#pages[this.#page.at(number)];
    const left = to - from - known;
    return page !== undefined && sameLength(bytes, from + known, page, this.#start.at(number) + known, left) === left;
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

type TypedArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array;

/** A list of numbers that grows, without an object for each. */
export class Numbers<T extends TypedArray> {
  readonly #make: new (
    length: number,
  ) => T;
  #items: T;
  #length = 0;

  constructor(make: new (length: number) => T) {
    this.#make = make;
    this.#items = new make(64);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#items.length) {
      const larger = new this.#make(Math.ceil(this.#length * 1.5));
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.#length] = value;
    this.#length += 1;
  }

  at(index: number): number {
    return this.#items[index] ?? 0;
  }
}
