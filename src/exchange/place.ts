import { Bytes, copy, sameLength } from './byte-store.ts';

/** Longer members are not remembered, bytes. */
const LONGEST = 1 << 12;
/** After so many other values in a row the next will be another one as well. */
const MANY = 32;

/**
 * What stood last at one place of an object or list: `"name":value` up to where the next one begins. Whoever writes
 * a log writes the same things in the same order again and again: what is the same is compared, four bytes at a
 * time, and not read.
 */
export class Place {
  #bytes = new Bytes(new Uint8Array(64));
  #changes = 0;
  /** Of all that is remembered, so many bytes were the same where it was last compared. */
  same = 0;
  /** Bytes before the value; 0 when nothing is remembered. */
  value = 0;
  /** Bytes before the value's end. */
  valueEnd = 0;
  /** Bytes before the next member, or of all up to the bracket that closes; 0 when only the name is remembered. */
  length = 0;
  /** Nothing follows but the end of the object or list. */
  isLast = false;

  /** Looks how much of it stands at `at` again. */
  compare(bytes: Bytes, at: number, to: number): void {
    const known = this.length > 0 ? this.length : this.value;
    this.same = sameLength(bytes, at, this.#bytes, 0, at + known <= to ? known : to - at);
    if (this.isSame) this.#changes = 0;
  }

  /** Whether all is as it was remembered, where it was last compared. */
  get isSame(): boolean {
    return this.length > 0 && this.same === this.length;
  }

  /** Whether the name at least is the same, and written in the same way. */
  get isNamed(): boolean {
    return this.value > 0 && this.same >= this.value;
  }

  /** Remembers a name, from where the member begins to where its value does. */
  rename(bytes: Bytes, from: number, value: number): void {
    this.#changes = 0;
    this.forget();
    if (value - from > LONGEST) return;
    this.same = 0;
    this.#keep(bytes, from, value);
    this.value = value - from;
  }

  /** Remembers the value behind the name, and says so; where each was another one, only now and then. */
  revalue(bytes: Bytes, from: number, valueEnd: number, next: number, isLast: boolean): boolean {
    this.#changes += 1;
    if (this.value === 0 || next - from > LONGEST || (this.#changes > MANY && this.#changes % MANY > 0)) return false;
    this.#keep(bytes, from, next);
    this.valueEnd = valueEnd - from;
    this.length = next - from;
    this.isLast = isLast;
    return true;
  }

  /** Remembers nothing any more. */
  forget(): void {
    this.value = 0;
    this.length = 0;
  }

  #keep(bytes: Bytes, from: number, to: number): void {
    const length = to - from;
    if (length > this.#bytes.array.length) {
      this.#bytes = new Bytes(new Uint8Array(Math.min(LONGEST, length * 2)));
      this.same = 0;
    }
    copy(bytes, from + this.same, this.#bytes, this.same, length - this.same);
    this.same = length;
  }
}

/** Places behind these remember nothing: an object of so many members is no browser's. */
const MOST = 256;

/** The places of one kind of object or list, each for two ways of writing, as logs of two kinds of traffic alternate. */
export class Places<T extends Place> {
  readonly #make: () => T;
  readonly #last: T[] = [];
  readonly #other: T[] = [];

  constructor(make: () => T) {
    this.#make = make;
  }

  /** The place of that number where what stands at `at` was seen; if it never was, one that can remember it. */
  find(index: number, bytes: Bytes, at: number, to: number): T {
    const last = this.#last[index];
    if (last === undefined) return this.#add(index);
    last.compare(bytes, at, to);
    if (last.isNamed) return last;
    const other = this.#other[index] ?? this.#make();
    other.compare(bytes, at, to);
    this.#last[index] = other;
    this.#other[index] = last;
    return other;
  }

  #add(index: number): T {
    const place = this.#make();
    if (index < MOST) {
      this.#last[index] = place;
      this.#other[index] = this.#make();
    }
    return place;
  }
}
