import { ByteStore } from './byte-store.ts';
import type { HeaderField } from './exchange.ts';
import { textOf } from './json-bytes.ts';

/**
 * Header fields as HAR writes them, `{"name":...,"value":...}`: the same bytes are kept once,
 * for a browser sends the same twenty with every request.
 */
export class HeaderTable {
  readonly #store = new ByteStore();
  /** Open addressing: the number of a field plus one, zero where there is none. */
  #slots = new Int32Array(1 << 12);
  readonly #recent = new Map<number, HeaderField | null>();

  /** The number of the object at these bytes; equal bytes have equal numbers, but for rare ones whose hashes crowd. */
  number(bytes: Uint8Array, from: number, to: number): number {
    if (this.#store.size * 2 > this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    let slot = hashOf(bytes, from, to) & mask;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const known = (this.#slots[slot] ?? 0) - 1;
      if (known < 0) {
        this.#slots[slot] = this.#store.size + 1;
        break;
      }
      if (this.#store.equals(known, bytes, from, to)) return known;
      slot = (slot + 1) & mask;
    }
    return this.#store.add(bytes, from, to);
  }

  get size(): number {
    return this.#store.size;
  }

  /** The bytes of that number, as they stand in the log. */
  bytes(number: number): Uint8Array {
    return this.#store.get(number);
  }

  /** The field of that number; null when its bytes are no object of a name and a value. */
  field(number: number): HeaderField | null {
    const known = this.#recent.get(number);
    if (known !== undefined) return known;
    if (this.#recent.size >= RECENT) this.#recent.clear();
    const bytes = this.#store.get(number);
    const field = readField(textOf(bytes, 0, bytes.length));
    this.#recent.set(number, field);
    return field;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#store.size; number += 1) {
      const bytes = this.#store.get(number);
      let slot = hashOf(bytes, 0, bytes.length) & mask;
      let tries = 0;
      while (slots[slot] !== 0 && tries < MOST_TRIES) {
        slot = (slot + 1) & mask;
        tries += 1;
      }
      if (slots[slot] === 0) slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

/** So many places are looked at, however a hostile log has chosen its fields. */
const MOST_TRIES = 24;
/** Fields that are kept parsed. */
const RECENT = 4096;

function readField(json: string): HeaderField | null {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const { name, value: text } = value as { readonly name?: unknown; readonly value?: unknown };
    return typeof name === 'string' && typeof text === 'string' ? { name, value: text } : null;
  } catch {
    return null;
  }
}

/** FNV-1a of every fourth byte: enough, for a collision costs only a comparison, and those are counted. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 ^ (to - from);
  for (let at = to - 1; at >= from; at -= 4) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
