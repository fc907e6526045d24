/**
 * Finds any of many strings in a text, longest match first, in one pass.
 * Patterns are grouped by their first characters and then by length, so that
 * thousands of tokens with a common beginning cost no more than a few.
 */
export class Finder {
  readonly #byStart = new Map<string, { readonly lengths: number[]; readonly byText: Map<string, string> }>();
  /** First UTF-16 code units of all patterns: most positions of a text are passed over by this alone. */
  readonly #starts = new Uint8Array(65536);

  /** Adds a pattern and what replaces it; the first replacement of a pattern stands. Shorter ones than `shortest` are refused. */
  add(pattern: string, replacement: string): void {
    if (pattern.length < shortest) return;
    const start = pattern.slice(0, shortest);
    let group = this.#byStart.get(start);
    if (group === undefined) {
      group = { lengths: [], byText: new Map() };
      this.#byStart.set(start, group);
      this.#starts[pattern.charCodeAt(0)] = 1;
    }
    if (group.byText.has(pattern)) return;
    group.byText.set(pattern, replacement);
    if (!group.lengths.includes(pattern.length)) group.lengths.push(pattern.length);
    group.lengths.sort((a, b) => b - a);
  }

  /** Cuts the text at its matches: pieces without a match, and replacements, in order. */
  split(text: string): Piece[] {
    const pieces: Piece[] = [];
    if (this.#byStart.size === 0 || text.length < shortest) return [{ text, fixed: false }];
    let kept = 0;
    let at = 0;
    const last = text.length - shortest;
    while (at <= last) {
      const found = this.#starts[text.charCodeAt(at)] === 1 ? this.#at(text, at) : null;
      if (found === null) {
        at++;
        continue;
      }
      if (at > kept) pieces.push({ text: text.slice(kept, at), fixed: false });
      pieces.push({ text: found.replacement, fixed: true });
      at += found.length;
      kept = at;
    }
    if (kept < text.length) pieces.push({ text: text.slice(kept), fixed: false });
    return pieces;
  }

  #at(text: string, at: number): { readonly length: number; readonly replacement: string } | null {
    const group = this.#byStart.get(text.slice(at, at + shortest));
    if (group === undefined) return null;
    for (const length of group.lengths) {
      if (at + length > text.length) continue;
      const replacement = group.byText.get(text.slice(at, at + length));
      if (replacement !== undefined) return { length, replacement };
    }
    return null;
  }
}

/** Values below this length are replaced only where they stand, never by search. */
export const shortest = 8;

/** A stretch of text; a fixed one is a replacement and is not looked at again. */
export interface Piece {
  readonly text: string;
  readonly fixed: boolean;
}
