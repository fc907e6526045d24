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
  skipString,
  skipValue,
  UNFINISHED,
} from './json-bytes.ts';
import { useOfRequestField, useOfResponseField } from './markers.ts';

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

const entryNames = namesUnder('');
const requestNames = namesUnder('request.');
const responseNames = namesUnder('response.');
const contentNames = namesUnder('response.content.');

const REQUEST = members.indexOf('request');
const RESPONSE = members.indexOf('response');
const REQUEST_HEADERS = members.indexOf('request.headers');
const RESPONSE_HEADERS = members.indexOf('response.headers');
const CONTENT = members.indexOf('response.content');

/**
 * Where the members of one HAR entry stand in its bytes, found in one pass that parses nothing and
 * looks at no body. One outline is used for entry after entry.
 */
export class EntryOutline {
  readonly #starts = new Int32Array(members.length);
  readonly #ends = new Int32Array(members.length);
  readonly requestFields = new FieldList(useOfRequestField);
  readonly responseFields = new FieldList(useOfResponseField);
  /** Where the fields of headers are kept; null: they are passed over. */
  #table: HeaderTable | null = null;
  /** Something is written in an unusual way (a name twice, or with escapes): only a parser can tell what it says. */
  odd = false;

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
      return skipValue(bytes, from, to);
    }
    return this.#object(bytes, from, to, entryNames);
  }

  #object(bytes: Uint8Array, from: number, to: number, names: Names): number {
    let at = skipSpace(bytes, from + 1, to);
    if (bytes[at] === CLOSE_OBJECT && at < to) return at + 1;
    for (;;) {
      if (at >= to) return UNFINISHED;
      if (bytes[at] !== QUOTE) return MALFORMED;
      const name = at;
      at = skipString(bytes, at, to);
      if (at < 0) return at;
      const nameEnd = at;
      at = skipSpace(bytes, at, to);
      if (at >= to) return UNFINISHED;
      if (bytes[at] !== COLON) return MALFORMED;
      at = skipSpace(bytes, at + 1, to);
      if (at >= to) return UNFINISHED;
      at = this.#member(bytes, at, to, this.#named(bytes, name + 1, nameEnd - 1, names));
      if (at < 0) return at;
      at = skipSpace(bytes, at, to);
      if (at >= to) return UNFINISHED;
      if (bytes[at] === CLOSE_OBJECT) return at + 1;
      if (bytes[at] !== COMMA) return MALFORMED;
      at = skipSpace(bytes, at + 1, to);
    }
  }

  #named(bytes: Uint8Array, from: number, to: number, names: Names): number {
    const known = names[to - from];
    for (let index = 0; known && index < known.length; index += 1) {
      const one = known[index];
      if (one && isText(bytes, from, to, one[0])) return one[1];
    }
    if (names !== contentNames && hasEscape(bytes, from, to)) this.odd = true;
    return -1;
  }

  #member(bytes: Uint8Array, from: number, to: number, member: number): number {
    if (member < 0) return skipValue(bytes, from, to);
    if (this.start(member) >= 0) this.odd = true;
    const first = bytes[from];
    let end: number;
    if (first === OPEN_OBJECT && member === REQUEST) end = this.#object(bytes, from, to, requestNames);
    else if (first === OPEN_OBJECT && member === RESPONSE) end = this.#object(bytes, from, to, responseNames);
    else if (first === OPEN_OBJECT && member === CONTENT) end = this.#object(bytes, from, to, contentNames);
    else if (first === OPEN_ARRAY && member === REQUEST_HEADERS)
      end = this.requestFields.read(bytes, from, to, this.#table);
    else if (first === OPEN_ARRAY && member === RESPONSE_HEADERS)
      end = this.responseFields.read(bytes, from, to, this.#table);
    else end = skipValue(bytes, from, to);
    this.#starts[member] = from;
    this.#ends[member] = end;
    return end;
  }
}

function hasEscape(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] === BACKSLASH) return true;
  return false;
}
