/** A shorter text is not looked for: it stands everywhere by chance. */
export const SHORTEST = 4;
/** Longer windows would gain little, bytes. */
const LONGEST_WINDOW = 8;

/** A text to look for. */
interface Needle {
  readonly bytes: Uint8Array;
  /** Where its window begins. */
  readonly window: number;
}

/**
 * Many short texts looked for at once in bytes of UTF-8. Of each text one window is chosen, as long as the shortest
 * text is. In steps one byte shorter than that, pairs of bytes are looked at: one of them lies in every window
 * that stands there, and most pairs lie in none.
 */
export class Needles {
  /** By a pair of bytes: a bit for each place in a window where it stands. */
  readonly #places = new Uint8Array(1 << 16);
  /** By the first four bytes of a window. */
  readonly #byStart = new Map<number, Needle[]>();
  readonly #starts = new Uint8Array(1 << 16);
  /** Bytes of a window. */
  readonly #width: number;
  /** Set in every byte before it is compared: 0x20 makes ASCII letters of either case equal (and some signs). */
  readonly #fold: number;

  constructor(texts: Iterable<string>, options: { readonly ignoreCase?: boolean } = {}) {
    this.#fold = options.ignoreCase === true ? 0x20 : 0;
    const encoder = new TextEncoder();
    const needles = Array.from(texts, (text) => encoder.encode(text)).filter(({ length }) => length >= SHORTEST);
    const width = needles.reduce((least, { length }) => Math.min(least, length), LONGEST_WINDOW);
    this.#width = width;
    for (const needle of needles) {
      const window = rarestWindow(needle, width);
      const bytes = needle.map((byte) => byte | this.#fold);
      let start = 0;
      for (const byte of bytes.subarray(window, window + SHORTEST)) start = (start << 8) | byte;
      this.#starts[slotOf(start)] = 1;
      for (let place = 0; place < width - 1; place += 1) {
        const pair = pairOf(bytes[window + place] ?? 0, bytes[window + place + 1] ?? 0);
        this.#places[pair] = (this.#places[pair] ?? 0) | (1 << place);
      }
      const same = this.#byStart.get(start);
      if (same) same.push({ bytes, window });
      else this.#byStart.set(start, [{ bytes, window }]);
    }
  }

  get size(): number {
    return this.#byStart.size;
  }

  /** First four bytes of all windows, folded, the first of them highest. */
  get starts(): Iterable<number> {
    return this.#byStart.keys();
  }

  /** Whether any of the texts stands in these bytes. */
  isIn(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
    const fold = this.#fold;
    const places = this.#places;
    const step = this.#width - 1;
    for (let at = from; at + 1 < to; at += step) {
      const found = places[pairOf((bytes[at] ?? 0) | fold, (bytes[at + 1] ?? 0) | fold)] ?? 0;
      if (found !== 0 && this.#isAround(bytes, at, found, from, to)) return true;
    }
    return false;
  }

  /** Whether a text stands where the pair at `at` has one of the places `found` in its window. */
  #isAround(bytes: Uint8Array, at: number, found: number, from: number, to: number): boolean {
    for (let first = at, left = found; left !== 0; first -= 1, left >>= 1) {
      if ((left & 1) !== 0 && this.standsAt(bytes, first, from, to)) return true;
    }
    return false;
  }

  /** Whether a text stands in these bytes whose window begins at `at`. */
  standsAt(bytes: Uint8Array, at: number, from: number, to: number): boolean {
    if (at < from || at + SHORTEST > to) return false;
    const fold = this.#fold;
    const start =
      (((bytes[at] ?? 0) | fold) << 24) |
      (((bytes[at + 1] ?? 0) | fold) << 16) |
      (((bytes[at + 2] ?? 0) | fold) << 8) |
      ((bytes[at + 3] ?? 0) | fold);
    return this.#starts[slotOf(start)] !== 0 && this.#standsAround(start, bytes, at, from, to);
  }

  #standsAround(start: number, bytes: Uint8Array, at: number, from: number, to: number): boolean {
    return (this.#byStart.get(start) ?? []).some(({ bytes: needle, window }) => {
      const first = at - window;
      if (first < from || first + needle.length > to) return false;
      return needle.every((byte, index) => ((bytes[first + index] ?? 0) | this.#fold) === byte);
    });
  }
}

/** Where the window begins whose pairs are the rarest in texts, scripts and JSON. */
function rarestWindow(needle: Uint8Array, width: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let from = 0; from + width <= needle.length; from += 1) {
    let often = 0;
    for (let at = from + 1; at < from + width; at += 1) often += frequency(needle[at - 1]) * frequency(needle[at]);
    if (often < least) [best, least] = [from, often];
  }
  return best;
}

/** Characters from the more to the less frequent, about; others are rare. */
const frequent = ` "\\,:etaoinsrhld0123456789cumfpgwybv/=.-k_xjqz`;

function frequency(byte = 0): number {
  const rank = frequent.indexOf(String.fromCharCode(byte).toLowerCase());
  return rank < 0 ? 1 : frequent.length - rank;
}

function pairOf(one: number, other: number): number {
  return (one << 8) | other;
}

function slotOf(start: number): number {
  return Math.imul(start, 0x9e3779b1) >>> 16;
}
