/** A shorter text is not looked for: it stands everywhere by chance. */
export const SHORTEST = 4;

/** Many short texts looked for at once in bytes of UTF-8, by their first four bytes. */
export class Needles {
  readonly #byStart = new Map<number, Uint8Array[]>();
  readonly #starts = new Uint8Array(1 << 16);
  /** Set in every byte before it is compared: 0x20 makes ASCII letters of either case equal (and some signs). */
  readonly #fold: number;

  constructor(texts: Iterable<string>, options: { readonly ignoreCase?: boolean } = {}) {
    this.#fold = options.ignoreCase === true ? 0x20 : 0;
    const encoder = new TextEncoder();
    for (const text of texts) {
      const needle = encoder.encode(text).map((byte) => byte | this.#fold);
      if (needle.length < SHORTEST) continue;
      let start = 0;
      for (const byte of needle.subarray(0, SHORTEST)) start = (start << 8) | byte;
      this.#starts[slotOf(start)] = 1;
      const same = this.#byStart.get(start);
      if (same) same.push(needle);
      else this.#byStart.set(start, [needle]);
    }
  }

  get size(): number {
    return this.#byStart.size;
  }

  /** Whether any of the texts stands in these bytes. */
  isIn(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
    const [fold, starts] = [this.#fold, this.#starts];
    let start = 0;
    for (let at = from; at < to; at += 1) {
      start = (start << 8) | (bytes[at] ?? 0) | fold;
      if (starts[Math.imul(start, 0x9e3779b1) >>> 16] === 0) continue;
      const first = at - SHORTEST + 1;
      if (first >= from && this.#standsAt(start, bytes, first, to)) return true;
    }
    return false;
  }

  #standsAt(start: number, bytes: Uint8Array, at: number, to: number): boolean {
    return (this.#byStart.get(start) ?? []).some(
      (needle) =>
        at + needle.length <= to && needle.every((byte, index) => ((bytes[at + index] ?? 0) | this.#fold) === byte),
    );
  }
}

function slotOf(start: number): number {
  return Math.imul(start, 0x9e3779b1) >>> 16;
}
