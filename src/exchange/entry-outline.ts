import {
  CLOSE_ARRAY,
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

type Names = ReadonlyMap<number, readonly (readonly [name: string, member: number])[]>;

/** Names of the members inside one object, by their length. */
function namesUnder(prefix: string): Names {
  const names = new Map<number, (readonly [string, number])[]>();
  for (const [index, path] of members.entries()) {
    const name = path.slice(prefix.length);
    if (!path.startsWith(prefix) || name.includes('.')) continue;
    names.set(name.length, [...(names.get(name.length) ?? []), [name, index]]);
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
  /** Offsets of the headers' objects: start, end, start, end, ... */
  requestHeaders: number[] = [];
  responseHeaders: number[] = [];
  /** Something is written in an unusual way (a name twice, or with escapes): only a parser can tell what it says. */
  odd = false;

  /** Where a member's value begins; -1 when it is not there. */
  start(member: number): number {
    return this.#starts[member] ?? -1;
  }

  end(member: number): number {
    return this.#ends[member] ?? -1;
  }

  /** Reads the entry that begins at `from`; returns the offset behind it, `UNFINISHED` or `MALFORMED`. */
  read(bytes: Uint8Array, from: number, to: number): number {
    this.#starts.fill(-1);
    this.requestHeaders.length = 0;
    this.responseHeaders.length = 0;
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
    for (const [name, member] of names.get(to - from) ?? []) if (isText(bytes, from, to, name)) return member;
    if (names !== contentNames && bytes.subarray(from, to).includes(0x5c)) this.odd = true;
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
      end = this.#headers(bytes, from, to, this.requestHeaders);
    else if (first === OPEN_ARRAY && member === RESPONSE_HEADERS)
      end = this.#headers(bytes, from, to, this.responseHeaders);
    else end = skipValue(bytes, from, to);
    this.#starts[member] = from;
    this.#ends[member] = end;
    return end;
  }

  #headers(bytes: Uint8Array, from: number, to: number, found: number[]): number {
    let at = skipSpace(bytes, from + 1, to);
    if (bytes[at] === CLOSE_ARRAY && at < to) return at + 1;
    for (;;) {
      const end = skipValue(bytes, at, to);
      if (end < 0) return end;
      found.push(at, end);
      at = skipSpace(bytes, end, to);
      if (at >= to) return UNFINISHED;
      if (bytes[at] === CLOSE_ARRAY) return at + 1;
      if (bytes[at] !== COMMA) return MALFORMED;
      at = skipSpace(bytes, at + 1, to);
    }
  }
}
