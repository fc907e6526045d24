/** A shorter text is not looked for: it stands everywhere by chance. */
export const SHORTEST = 4;

/**
 * Many short texts looked for at once in bytes of UTF-8, by their first four bytes. As in the algorithm of Wu and
 * Manber, each pair of bytes tells how far it is at least to where one of the beginnings can end.
 */
export class Needles {
  /** By a pair of bytes: small enough to stay in the nearest cache. */
  readonly #shift = new Uint8Array(1 << 12).fill(SHORTEST - 1);
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
      for (let end = 1; end < SHORTEST; end += 1) {
        const pair = pairOf(needle[end - 1] ?? 0, needle[end] ?? 0);
        this.#shift[pair] = Math.min(this.#shift[pair] ?? 0, SHORTEST - 1 - end);
      }
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
    const fold = this.#fold;
    const starts = this.#starts;
    const shift = this.#shift;
    for (let at = from + SHORTEST - 1; at < to; ) {
      const [third, fourth] = [(bytes[at - 1] ?? 0) | fold, (bytes[at] ?? 0) | fold];
      const ahead = shift[pairOf(third, fourth)] ?? 0;
      if (ahead > 0) {
        at += ahead;
        continue;
      }
      const first = at - SHORTEST + 1;
      const start =
        (((bytes[first] ?? 0) | fold) << 24) | (((bytes[first + 1] ?? 0) | fold) << 16) | (third << 8) | fourth;
      if (starts[slotOf(start)] !== 0 && this.#standsAt(start, bytes, first, to)) return true;
      at += 1;
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

/** Twelve bits of two bytes: letters and digits keep what tells them apart. */
function pairOf(one: number, other: number): number {
  return ((one << 6) ^ other) & 0xfff;
}

function slotOf(start: number): number {
  return Math.imul(start, 0x9e3779b1) >>> 16;
}
