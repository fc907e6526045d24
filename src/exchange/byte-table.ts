import { ByteStore, type Bytes } from './byte-store.ts';
import type { Needles } from './needles.ts';

/** Short runs of bytes, each kept once and numbered in order of appearance. */
export class ByteTable {
  readonly #store = new ByteStore();
  /** Open addressing: the number of a run plus one, zero where there is none. */
  #slots = new Int32Array(1 << 12);
  #filled = 0;

  /** The number of these bytes; equal bytes have equal numbers, but for rare ones whose hashes crowd. */
  number(bytes: Bytes, from: number, to: number): number {
    if (this.#filled * 2 > this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    let slot = hashOf(bytes.array, from, to) & mask;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const known = (this.#slots[slot] ?? 0) - 1;
      if (known < 0) {
        this.#slots[slot] = this.#store.size + 1;
        this.#filled += 1;
        break;
      }
      if (this.#store.equals(known, bytes, from, to)) return known;
      slot = (slot + 1) & mask;
    }
    return this.append(bytes, from, to);
  }

  /** Keeps these bytes under a number of their own, whether or not they are known. */
  append(bytes: Bytes, from: number, to: number): number {
    return this.#store.add(bytes, from, to);
  }

  get size(): number {
    return this.#store.size;
  }

  /** Whether one of the texts stands in the bytes of that number. */
  holds(number: number, needles: Needles): boolean {
    return this.#store.holds(number, needles);
  }

  /** The bytes of that number, as they stand in the log. */
  bytes(number: number): Uint8Array {
    return this.#store.get(number);
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (const filled of this.#slots) {
      if (filled === 0) continue;
      const bytes = this.#store.get(filled - 1);
      let slot = hashOf(bytes, 0, bytes.length) & mask;
      let tries = 0;
      while (slots[slot] !== 0 && tries < MOST_TRIES) {
        slot = (slot + 1) & mask;
        tries += 1;
      }
      if (slots[slot] === 0) slots[slot] = filled;
    }
    this.#slots = slots;
  }
}

/** So many places are looked at, however a hostile log has chosen its fields. */
const MOST_TRIES = 24;

/** FNV-1a of every fourth byte: enough, for a collision costs only a comparison, and those are counted. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 ^ (to - from);
  for (let at = to - 1; at >= from; at -= 4) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
