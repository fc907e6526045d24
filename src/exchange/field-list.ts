import type { Bytes } from './byte-store.ts';
import type { HeaderTable } from './header-table.ts';
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isText,
  MALFORMED,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  UNFINISHED,
} from './json-bytes.ts';
import type { HeaderUse } from './markers.ts';
import { Integers } from './numbers.ts';
import { Place, Places } from './place.ts';
import type { Scanner } from './scanner.ts';

/** What a field of this name means for its exchange; the name's place in the bytes. */
export type FieldUse = (bytes: Uint8Array, from: number, to: number) => HeaderUse;

/**
 * The header fields of one message after the other, as HAR writes them: `[{"name":...,"value":...}, ...]`.
 */
export class FieldList {
  readonly #useOf: FieldUse;
  readonly #scanner: Scanner;
  readonly #places = new Places(() => new FieldPlace());
  /** Where the last field that was not kept stands. */
  #droppedFrom = 0;
  #droppedTo = 0;
  /** Numbers, in the table, of the fields that are kept. */
  readonly numbers = new Integers();
  /** A field marks its exchange, or is written so that only a parser can tell what it says. */
  isMarked = false;

  constructor(useOf: FieldUse, scanner: Scanner) {
    this.#useOf = useOf;
    this.#scanner = scanner;
  }

  clear(): void {
    this.numbers.clear();
    this.#droppedTo = 0;
    this.isMarked = false;
  }

  /**
   * Reads the array that opens at `from`; returns the offset behind it, `UNFINISHED` or `MALFORMED`.
   * Fields behind one that marks are passed over. Without a table all are.
   */
  read(bytes: Bytes, from: number, to: number, table: HeaderTable | null): number {
    const { array } = bytes;
    if (table === null) return this.#scanner.skipValue(array, from, to);
    let at = skipSpace(array, from + 1, to);
    if (array[at] === CLOSE_ARRAY && at < to) return at + 1;
    for (let index = 0; ; index += 1) {
      const place = this.isMarked ? null : this.#places.find(index, bytes, at, to);
      let isLast: boolean;
      if (place?.isSame) {
        if (place.use === 'kept') this.numbers.push(place.number);
        else this.#pass(place.use, at, at + place.valueEnd);
        at += place.length;
        isLast = place.isLast;
      } else {
        const start = skipSpace(array, at, to);
        const end = place ? this.#field(bytes, start, to, place, table) : this.#scanner.skipValue(array, start, to);
        if (end < 0) return end;
        const next = skipSpace(array, end, to);
        if (next >= to) return UNFINISHED;
        isLast = array[next] === CLOSE_ARRAY;
        if (!isLast && array[next] !== COMMA) return MALFORMED;
        at = isLast ? next + 1 : skipSpace(array, next + 1, to);
        if (!this.isMarked && place?.revalue(bytes, start, end, at, isLast))
          place.number = this.numbers.at(this.numbers.length - 1);
      }
      if (!isLast) continue;
      this.#keepOne(bytes, table);
      return at;
    }
  }

  /** A message with fields must not look like one that was recorded without: one of them stays. */
  #keepOne(bytes: Bytes, table: HeaderTable): void {
    if (this.numbers.length > 0 || this.isMarked || this.#droppedTo === 0) return;
    this.numbers.push(table.number(bytes, this.#droppedFrom, this.#droppedTo));
  }

  #field(bytes: Bytes, from: number, to: number, place: FieldPlace, table: HeaderTable): number {
    const { array } = bytes;
    // The quote that opens the value stands at the end of what is the same.
    const value = place.isNamed ? from + place.value - 1 : this.#name(bytes, from, to, place);
    if (value >= 0) {
      const end = this.#scanner.skipString(array, value, to);
      if (end < 0) return end;
      const close = skipSpace(array, end, to);
      if (close >= to) return UNFINISHED;
      if (array[close] === CLOSE_OBJECT) {
        if (place.use === 'kept') this.numbers.push(place.keep(table, bytes, from, close + 1));
        else this.#pass(place.use, from, close + 1);
        return close + 1;
      }
    }
    const end = this.#scanner.skipValue(array, from, to);
    if (end >= 0) this.isMarked = true;
    return end;
  }

  #pass(use: HeaderUse, from: number, end: number): void {
    if (use === 'marks') this.isMarked = true;
    this.#droppedFrom = from;
    this.#droppedTo = end;
  }

  /** Where the value's string opens behind a name without escapes; negative for what is written otherwise. */
  #name(bytes: Bytes, from: number, to: number, place: FieldPlace): number {
    place.forget();
    const { array } = bytes;
    const key = skipSpace(array, from + 1, to);
    if (array[from] !== OPEN_OBJECT || !isText(array, key, key + 6, '"name"')) return UNFINISHED;
    const name = textAfterColon(array, key + 6, to);
    if (name < 0) return UNFINISHED;
    let at = name + 1;
    while (at < to && array[at] !== QUOTE && array[at] !== BACKSLASH) at += 1;
    if (array[at] !== QUOTE) return UNFINISHED;
    const comma = skipSpace(array, at + 1, to);
    if (array[comma] !== COMMA) return UNFINISHED;
    const second = skipSpace(array, comma + 1, to);
    if (!isText(array, second, second + 7, '"value"')) return UNFINISHED;
    const value = textAfterColon(array, second + 7, to);
    if (value < 0) return value;
    place.rename(bytes, from, value + 1);
    place.use = this.#useOf(array, name + 1, at);
    return value;
  }
}

/** What stood last at one place of a message. */
class FieldPlace extends Place {
  /** How many values were new to the table here, one after the other. */
  #news = 0;
  use: HeaderUse = 'marks';
  /** The number, in the table, of the whole field that is remembered. */
  number = -1;

  /** Keeps the field in the table; where each was another one, it is not looked for. */
  keep(table: HeaderTable, bytes: Bytes, from: number, to: number): number {
    const { size } = table;
    const number = this.#news < MANY ? table.number(bytes, from, to) : table.append(bytes, from, to);
    this.#news = number === size ? this.#news + 1 : 0;
    return number;
  }

  override rename(bytes: Bytes, from: number, value: number): void {
    super.rename(bytes, from, value);
    this.#news = 0;
  }
}

/** After so many new values in a row the next will be new as well. */
const MANY = 32;

/** Where the string behind a colon opens; `UNFINISHED` when there is none. */
function textAfterColon(bytes: Uint8Array, from: number, to: number): number {
  const colon = skipSpace(bytes, from, to);
  if (bytes[colon] !== COLON) return UNFINISHED;
  const text = skipSpace(bytes, colon + 1, to);
  return text < to && bytes[text] === QUOTE ? text : UNFINISHED;
}
