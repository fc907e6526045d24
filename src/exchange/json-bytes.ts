/**
 * Finding one's way in the UTF-8 bytes of JSON without parsing them. Every function takes the
 * bytes, where to begin and where the bytes known so far end, and returns an offset, or one of the two
 * signs below. What is skipped is not checked to be JSON: only strings and brackets are followed.
 */

/** More bytes are needed to tell. */
export const UNFINISHED = -1;
/** What stands there is no JSON. */
export const MALFORMED = -2;

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** The offset of the first byte that is not white space (RFC 8259 section 2); `to` when there is none. */
export function skipSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at += 1;
  }
  return at;
}

/** A string this long is looked through by the engine's own search from here on, bytes. */
const LONG = 96;

/** The offset behind the closing quote of the string that opens at `from`. */
export function skipString(bytes: Uint8Array, from: number, to: number): number {
  let at = from + 1;
  let step = LONG;
  for (;;) {
    const near = at + step < to ? at + step : to;
    while (at < near) {
      const byte = bytes[at];
      if (byte === QUOTE) return at + 1;
      at += byte === BACKSLASH ? 2 : 1;
    }
    if (at >= to) return UNFINISHED;
    const quote = bytes.indexOf(QUOTE, at);
    if (quote < 0 || quote >= to) return UNFINISHED;
    let slashes = quote;
    while (slashes > at && bytes[slashes - 1] === BACKSLASH) slashes -= 1;
    if ((quote - slashes) % 2 === 0) return quote + 1;
    // Where one escaped quote is near, more are.
    step = quote - at < step ? step * 2 : LONG;
    at = quote + 1;
  }
}

/** The offset behind the value that begins at `from`; brackets are counted, not matched by kind. */
export function skipValue(bytes: Uint8Array, from: number, to: number): number {
  if (from >= to) return UNFINISHED;
  const first = bytes[from];
  if (first === QUOTE) return skipString(bytes, from, to);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return skipNested(bytes, from, to);
  return skipWord(bytes, from, to);
}

/** What a byte outside of strings means to the scanner: nothing, a quote, an opening or a closing bracket. */
const bracket = new Uint8Array(256);
bracket[QUOTE] = 1;
bracket[OPEN_OBJECT] = bracket[OPEN_ARRAY] = 2;
bracket[CLOSE_OBJECT] = bracket[CLOSE_ARRAY] = 3;

function skipNested(bytes: Uint8Array, from: number, to: number): number {
  let depth = 0;
  let at = from;
  while (at < to) {
    const kind = bracket[bytes[at] ?? 0];
    if (kind === 0) at += 1;
    else if (kind === 1) {
      at = skipString(bytes, at, to);
      if (at < 0) return at;
    } else {
      at += 1;
      if (kind === 2) depth += 1;
      else {
        depth -= 1;
        if (depth === 0) return at;
      }
    }
  }
  return UNFINISHED;
}

/** A number, `true`, `false`, `null`, or what stands in their place: all up to the next delimiter, which must be there. */
function skipWord(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && delimits[bytes[at] ?? 0] === 0) at += 1;
  if (at === to) return UNFINISHED;
  return at === from ? MALFORMED : at;
}

/** Whether a byte ends a word: white space and control characters, a quote, punctuation, a bracket. */
const delimits = new Uint8Array(256).fill(1, 0, 0x21);
for (const byte of [COMMA, COLON, QUOTE, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT]) delimits[byte] = 1;

/** Whether the bytes from `from` to `to` are this ASCII text. */
export function isText(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from !== text.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[from + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of bytes; what is not UTF-8 becomes U+FFFD. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from;
  if (length <= SHORT) {
    const short = shortText(bytes, from, to);
    if (short !== null) return short;
  }
  return utf8.decode(bytes.subarray(from, to));
}

/** Calling the decoder costs more than a short text is worth, bytes. */
const SHORT = 24;

function shortText(bytes: Uint8Array, from: number, to: number): string | null {
  let text = '';
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The text of the JSON string whose quotes stand at `from` and before `to`; null when it is no valid one. */
export function stringAt(bytes: Uint8Array, from: number, to: number): string | null {
  const raw = textOf(bytes, from + 1, to - 1);
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return null;
  }
}

/** What a JSON text says; undefined when it is none. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
