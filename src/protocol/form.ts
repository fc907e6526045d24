import type { Range } from './range.ts';

export interface Field {
  readonly name: string;
  readonly value: string;
  /** Of the raw (still encoded) value in the text. */
  readonly range: Range;
}

/** The fields of an `application/x-www-form-urlencoded` text, in order, repetitions kept. */
export interface Form {
  readonly fields: readonly Field[];
}

/**
 * Reads `application/x-www-form-urlencoded` (WHATWG URL section 5.1), the whole text or the part of it
 * between two offsets; ranges are offsets in the whole text. A bad escape stands for itself.
 */
export function parseForm(text: string, start = 0, end = text.length): Form {
  const fields: Field[] = [];
  let from = start;
  while (from < end) {
    const to = indexOf(text, '&', from, end);
    if (to > from) {
      const equals = indexOf(text, '=', from, to);
      const valueStart = Math.min(equals + 1, to);
      fields.push({
        name: decodeFormText(text.slice(from, equals)),
        value: decodeFormText(text.slice(valueStart, to)),
        range: [valueStart, to],
      });
    }
    from = to + 1;
  }
  return { fields };
}

/** The first field of that name. */
export function formField(form: Form, name: string): Field | null {
  return form.fields.find((field) => field.name === name) ?? null;
}

/** The value of the first field of that name. */
export function formValue(form: Form, name: string): string | null {
  return formField(form, name)?.value ?? null;
}

/** The values of all fields of that name, in order. */
export function formValues(form: Form, name: string): string[] {
  return form.fields.filter((field) => field.name === name).map((field) => field.value);
}

/** `+` is a space, `%XX` a byte of UTF-8; a byte sequence that is not UTF-8 becomes U+FFFD. */
export function decodeFormText(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  const parts: string[] = [];
  let from = 0;
  let at = spaced.indexOf('%');
  while (at >= 0) {
    const bytes: number[] = [];
    let i = at;
    for (let byte = escapedByte(spaced, i); byte >= 0; byte = escapedByte(spaced, i)) {
      bytes.push(byte);
      i += 3;
    }
    if (bytes.length === 0) {
      at = spaced.indexOf('%', at + 1);
      continue;
    }
    parts.push(spaced.slice(from, at), utf8.decode(Uint8Array.from(bytes)));
    from = i;
    at = spaced.indexOf('%', i);
  }
  parts.push(spaced.slice(from));
  return parts.join('');
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The byte that `%XX` at this offset stands for, -1 when there is no escape. */
function escapedByte(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x25) return -1;
  const high = hexDigit(text.charCodeAt(at + 1));
  const low = hexDigit(text.charCodeAt(at + 2));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return -1;
}

/** The next offset of a character before `end`, `end` when there is none; looks no further than that. */
function indexOf(text: string, character: string, from: number, end: number): number {
  const code = character.charCodeAt(0);
  for (let i = from; i < end; i += 1) if (text.charCodeAt(i) === code) return i;
  return end;
}
