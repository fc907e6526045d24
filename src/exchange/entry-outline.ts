import { Bytes } from './byte-store.ts';
import { FieldList } from './field-list.ts';
import type { HeaderTable } from './header-table.ts';
import {
  BACKSLASH,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isText,
  MALFORMED,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  UNFINISHED,
} from './json-bytes.ts';
import { useOfRequestField, useOfResponseField } from './markers.ts';
import { Place, Places } from './place.ts';
import { plainScanner, type Scanner } from './scanner.ts';

/** The members of a HAR entry that its outline notes, by where they stand. */
export const members = [
  'startedDateTime',
  'time',
  '_resourceType',
  '_fromCache',
  '_error',
  '_failureText',
  'pageref',
  '_tab',
  '_fetchedViaServiceWorker',
  '_pending',
  '_context',
  '_twin',
  '_headersLeftOut',
  'request',
  'response',
  'request.method',
  'request.url',
  'request.bodySize',
  'request.headers',
  'request.postData',
  'response.status',
  'response.statusText',
  'response.redirectURL',
  'response.headers',
  'response._error',
  'response._failureText',
  'response.content',
  'response.content.size',
  'response.content.mimeType',
  'response.content.text',
  'response.content.encoding',
  'response.content._truncated',
  'response.content._cut',
] as const;
export type Member = (typeof members)[number];

/** Names of members, each with its number, in lists by the names' lengths. */
type Names = readonly (readonly (readonly [name: string, member: number])[])[];

/** No name of a member is this long. */
const LONGEST = 32;

/** Names of the members inside one object. */
function namesUnder(prefix: string): Names {
  const names: (readonly [string, number])[][] = Array.from({ length: LONGEST }, () => []);
  for (const [index, path] of members.entries()) {
    const name = path.slice(prefix.length);
    if (!path.startsWith(prefix) || name.includes('.')) continue;
    names[name.length]?.push([name, index]);
  }
  return names;
}

/** What stood last at one place of an object: which member it is; negative for one that is not noted. */
class MemberPlace extends Place {
  member = -1;
}

/** One object of an entry. */
class Level {
  readonly names: Names;
  readonly places = new Places(() => new MemberPlace());

  constructor(prefix: string) {
    this.names = namesUnder(prefix);
  }
}

const REQUEST = members.indexOf('request');
const RESPONSE = members.indexOf('response');
const REQUEST_HEADERS = members.indexOf('request.headers');
const RESPONSE_HEADERS = members.indexOf('response.headers');
const CONTENT = members.indexOf('response.content');
/** Members that are never the same as a whole: their values are read on, or are bodies. */
const varied = new Uint8Array(members.length);
for (const member of [REQUEST, RESPONSE, REQUEST_HEADERS, RESPONSE_HEADERS, CONTENT]) varied[member] = 1;
for (const member of ['request.postData', 'response.content.text'] as const) varied[members.indexOf(member)] = 1;

/**
 * Where the members of one HAR entry stand in its bytes, found in one pass that parses nothing and
 * looks at no body. One outline is used for entry after entry.
 */
export class EntryOutline {
  readonly #starts = new Int32Array(members.length);
  readonly #ends = new Int32Array(members.length);
  readonly requestFields: FieldList;
  readonly responseFields: FieldList;
  readonly scanner: Scanner;
  readonly #entry = new Level('');
  readonly #request = new Level('request.');
  readonly #response = new Level('response.');
  readonly #content = new Level('response.content.');
  #bytes = new Bytes(new Uint8Array(0));
  /** Where the fields of headers are kept; null: they are passed over. */
  #table: HeaderTable | null = null;
  /** Something is written in an unusual way (a name twice, or with escapes): only a parser can tell what it says. */
  odd = false;

  constructor(scanner: Scanner = plainScanner) {
    this.scanner = scanner;
    this.requestFields = new FieldList(useOfRequestField, scanner);
    this.responseFields = new FieldList(useOfResponseField, scanner);
  }

  /** Where a member's value begins; -1 when it is not there. */
  start(member: number): number {
    return this.#starts[member] ?? -1;
  }

  end(member: number): number {
    return this.#ends[member] ?? -1;
  }

  /**
   * Reads the entry that begins at `from`; returns the offset behind it, `UNFINISHED` or `MALFORMED`. With a
   * table, the fields of its headers are read into it.
   */
  read(bytes: Uint8Array, from: number, to: number, table: HeaderTable | null): number {
    this.#starts.fill(-1);
    this.#table = table;
    this.requestFields.clear();
    this.responseFields.clear();
    this.odd = false;
    if (from >= to) return UNFINISHED;
    if (bytes[from] !== OPEN_OBJECT) {
      this.odd = true;
      return this.scanner.skipValue(bytes, from, to);
    }
    if (this.#bytes.array !== bytes) this.#bytes = new Bytes(bytes);
    return this.#object(bytes, from, to, this.#entry);
  }

  #object(bytes: Uint8Array, from: number, to: number, level: Level): number {
    let at = skipSpace(bytes, from + 1, to);
    if (bytes[at] === CLOSE_OBJECT && at < to) return at + 1;
    for (let index = 0; ; index += 1) {
      const place = level.places.find(index, this.#bytes, at, to);
      if (place.isSame) {
        this.#note(place.member, at + place.value, at + place.valueEnd);
        at += place.length;
        if (place.isLast) return at;
        continue;
      }
      const start = skipSpace(bytes, at, to);
      let value = at + place.value;
      // The same name may be followed by more white space this time.
      if (!place.isNamed || skipSpace(bytes, value, to) !== value) {
        value = this.#name(bytes, start, to, place, level);
        if (value < 0) return value;
      }
      const { member } = place;
      const end = this.#value(bytes, value, to, member);
      if (end < 0) return end;
      this.#note(member, value, end);
      const next = skipSpace(bytes, end, to);
      if (next >= to) return UNFINISHED;
      const isLast = bytes[next] === CLOSE_OBJECT;
      if (!isLast && bytes[next] !== COMMA) return MALFORMED;
      at = isLast ? next + 1 : skipSpace(bytes, next + 1, to);
      if (varied[member] !== 1) place.revalue(this.#bytes, start, end, at, isLast);
      if (isLast) return at;
    }
  }

  /** Where the value begins behind the name at `from`, which the place remembers; `UNFINISHED` or `MALFORMED`. */
  #name(bytes: Uint8Array, from: number, to: number, place: MemberPlace, level: Level): number {
    if (from >= to) return UNFINISHED;
    if (bytes[from] !== QUOTE) return MALFORMED;
    const nameEnd = this.scanner.skipString(bytes, from, to);
    if (nameEnd < 0) return nameEnd;
    const colon = skipSpace(bytes, nameEnd, to);
    if (colon >= to) return UNFINISHED;
    if (bytes[colon] !== COLON) return MALFORMED;
    const value = skipSpace(bytes, colon + 1, to);
    if (value >= to) return UNFINISHED;
    place.rename(this.#bytes, from, value);
    place.member = numberOf(bytes, from + 1, nameEnd - 1, level.names);
    if (place.member < 0 && level !== this.#content && hasEscape(bytes, from, nameEnd)) {
      place.forget();
      this.odd = true;
    }
    return value;
  }

  #value(bytes: Uint8Array, from: number, to: number, member: number): number {
    if (bytes[from] === OPEN_OBJECT) {
      if (member === REQUEST) return this.#object(bytes, from, to, this.#request);
      if (member === RESPONSE) return this.#object(bytes, from, to, this.#response);
      if (member === CONTENT) return this.#object(bytes, from, to, this.#content);
    } else if (bytes[from] === OPEN_ARRAY) {
      if (member === REQUEST_HEADERS) return this.requestFields.read(this.#bytes, from, to, this.#table);
      if (member === RESPONSE_HEADERS) return this.responseFields.read(this.#bytes, from, to, this.#table);
    }
    return this.scanner.skipValue(bytes, from, to);
  }

  #note(member: number, start: number, end: number): void {
    if (member < 0) return;
    if (this.start(member) >= 0) this.odd = true;
    this.#starts[member] = start;
    this.#ends[member] = end;
  }
}

function numberOf(bytes: Uint8Array, from: number, to: number, names: Names): number {
  for (const [name, member] of names[to - from] ?? []) if (isText(bytes, from, to, name)) return member;
  return -1;
}

function hasEscape(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] === BACKSLASH) return true;
  return false;
}
