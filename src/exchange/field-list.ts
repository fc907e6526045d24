import { Bytes, isSame } from './byte-store.ts';
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
  skipString,
  skipValue,
  UNFINISHED,
} from './json-bytes.ts';
import type { HeaderUse } from './markers.ts';

/** What a field of this name means for its exchange; the name's place in the bytes. */
export type FieldUse = (bytes: Uint8Array, from: number, to: number) => HeaderUse;

/**
 * The header fields of one message after the other, as HAR writes them: `[{"name":...,"value":...}, ...]`.
 * A browser sends the same fields in the same order again and again, so each place remembers what
 * stood there last: what is the same again is compared, not read.
 */
export class FieldList {
  readonly #useOf: FieldUse;
  readonly #places: Place[] = [];
  #bytes = new Bytes(new Uint8Array(0));
  /** Where the last field that was not kept stands. */
  #droppedFrom = 0;
  #droppedTo = 0;
  /** Numbers, in the table, of the fields that are kept. */
  readonly numbers: number[] = [];
  /** A field marks its exchange, or is written so that only a parser can tell what it says. */
  isMarked = false;

  constructor(useOf: FieldUse) {
    this.#useOf = useOf;
  }

  clear(): void {
    this.numbers.length = 0;
    this.#droppedTo = 0;
    this.isMarked = false;
  }

  /**
   * Reads the array that opens at `from`; returns the offset behind it, `UNFINISHED` or `MALFORMED`.
   * Fields behind one that marks are passed over. Without a table all are.
   */
  read(bytes: Uint8Array, from: number, to: number, table: HeaderTable | null): number {
    if (table === null) return skipValue(bytes, from, to);
    if (this.#bytes.array !== bytes) this.#bytes = new Bytes(bytes);
    let at = skipSpace(bytes, from + 1, to);
    if (bytes[at] === CLOSE_ARRAY && at < to) return at + 1;
    for (let index = 0; ; index += 1) {
      const end = this.isMarked ? skipValue(bytes, at, to) : this.#field(bytes, at, to, index, table);
      if (end < 0) return end;
      at = skipSpace(bytes, end, to);
      if (at >= to) return UNFINISHED;
      if (bytes[at] === CLOSE_ARRAY) {
        this.#keepOne(table);
        return at + 1;
      }
      if (bytes[at] !== COMMA) return MALFORMED;
      at = skipSpace(bytes, at + 1, to);
    }
  }

  /** A message with fields must not look like one that was recorded without: one of them stays. */
  #keepOne(table: HeaderTable): void {
    if (this.numbers.length > 0 || this.isMarked || this.#droppedTo === 0) return;
    this.numbers.push(table.number(this.#bytes, this.#droppedFrom, this.#droppedTo));
  }

  #field(bytes: Uint8Array, from: number, to: number, index: number, table: HeaderTable): number {
    let place = this.#places[index];
    if (place === undefined) {
      place = new Place();
      if (index < MOST_PLACES) this.#places.push(place);
    }
    const value = place.opens(this.#bytes, from, to) ? from + place.length - 1 : this.#name(bytes, from, to, place);
    if (value >= 0) {
      if (place.number >= 0) {
        const same = table.endOf(place.number, this.#bytes, from, value, to);
        if (same >= 0) {
          this.numbers.push(place.number);
          return same;
        }
      }
      const end = skipString(bytes, value, to);
      if (end < 0) return end;
      const close = skipSpace(bytes, end, to);
      if (close >= to) return UNFINISHED;
      if (bytes[close] === CLOSE_OBJECT) {
        this.#take(from, close + 1, place, table);
        return close + 1;
      }
    }
    const end = skipValue(bytes, from, to);
    if (end >= 0) this.isMarked = true;
    return end;
  }

  #take(from: number, end: number, place: Place, table: HeaderTable): void {
    if (place.use === 'marks') this.isMarked = true;
    else if (place.use === 'dropped') {
      this.#droppedFrom = from;
      this.#droppedTo = end;
    } else {
      place.keep(table, this.#bytes, from, end);
      this.numbers.push(place.number);
    }
  }

  /** Where the value's string opens behind a name without escapes; negative for what is written otherwise. */
  #name(bytes: Uint8Array, from: number, to: number, place: Place): number {
    const key = skipSpace(bytes, from + 1, to);
    if (bytes[from] !== OPEN_OBJECT || !isText(bytes, key, key + 6, '"name"')) return UNFINISHED;
    const name = textAfterColon(bytes, key + 6, to);
    if (name < 0) return UNFINISHED;
    let at = name + 1;
    while (at < to && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at += 1;
    if (bytes[at] !== QUOTE) return UNFINISHED;
    const comma = skipSpace(bytes, at + 1, to);
    if (bytes[comma] !== COMMA) return UNFINISHED;
    const second = skipSpace(bytes, comma + 1, to);
    if (!isText(bytes, second, second + 7, '"value"')) return UNFINISHED;
    const value = textAfterColon(bytes, second + 7, to);
    if (value >= 0) place.remember(bytes, from, value + 1, this.#useOf(bytes, name + 1, at));
    return value;
  }
}

/** Places behind these remember nothing: a message of so many fields is no browser's. */
const MOST_PLACES = 256;
/** Longer beginnings of a field are not remembered, bytes. */
const LONGEST = 128;

/** What stood last at one place of a message. */
class Place {
  readonly #beginning = new Bytes(new Uint8Array(LONGEST));
  /** How many values were new here, one after the other. */
  #news = 0;
  /** Bytes of the field up to and with the quote that opens its value; 0 when they are not remembered. */
  length = 0;
  use: HeaderUse = 'marks';
  /** The whole field's number in the table; negative when it was not kept. */
  number = -1;

  remember(bytes: Uint8Array, from: number, to: number, use: HeaderUse): void {
    this.number = -1;
    this.#news = 0;
    this.use = use;
    this.length = to - from <= LONGEST ? to - from : 0;
    if (this.length > 0) this.#beginning.array.set(bytes.subarray(from, to));
  }

  /** Keeps the field in the table; where each was another one, it is not looked for. */
  keep(table: HeaderTable, bytes: Bytes, from: number, to: number): void {
    const { size } = table;
    this.number = this.#news < MANY ? table.number(bytes, from, to) : table.append(bytes, from, to);
    this.#news = this.number === size ? this.#news + 1 : 0;
  }

  /** Whether a field of the same name, written in the same way, begins here. */
  opens(bytes: Bytes, from: number, to: number): boolean {
    const { length } = this;
    return length > 0 && from + length <= to && isSame(bytes, from, this.#beginning, 0, length);
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
