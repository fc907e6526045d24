/** Bytes of one page of memory. */
const PAGE = 1 << 20;

/** Many short runs of bytes, kept in few pages of memory and numbered in order. */
export class ByteStore {
  readonly #pages: Uint8Array[] = [];
  #used = PAGE;
  readonly #page = new Numbers(Uint32Array);
  readonly #start = new Numbers(Uint32Array);
  readonly #length = new Numbers(Uint32Array);

  get size(): number {
    return this.#page.length;
  }

  /** Keeps a copy; returns its number. */
  add(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (this.#used + length > PAGE) {
      this.#pages.push(new Uint8Array(Math.max(PAGE, length)));
      this.#used = 0;
    }
    const page = this.#pages.length - 1;
    this.#pages[page]?.set(bytes.subarray(from, to), this.#used);
    this.#page.push(page);
    this.#length.push(length);
    this.#start.push(this.#used);
    this.#used += length;
    return this.#page.length - 1;
  }

  /** The bytes of that number: a view of the store's own memory. */
  get(number: number): Uint8Array {
    const start = this.#start.at(number);
    const page = this.#pages[this.#page.at(number)] ?? new Uint8Array(0);
    return page.subarray(start, start + this.#length.at(number));
  }

  /** Whether the run of that number is these bytes. */
  equals(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#length.at(number) !== to - from) return false;
    const page = this.#pages[this.#page.at(number)];
    const start = this.#start.at(number) - from;
    if (!page) return false;
    for (let at = from; at < to; at += 1) if (page[start + at] !== bytes[at]) return false;
    return true;
  }
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

  /** Keeps the first `length` numbers only. */
  truncate(length: number): void {
    if (length < this.#length) this.#length = length;
  }
}
