import type { Range } from './range.ts';

/**
 * Where the value of the first member of that name stands in JSON text, at any depth, in text order.
 * A string's range is what is between its quotes; other values have the range of their whole text.
 * Null when there is no such member. Best effort on text that is not JSON; linear in its length.
 */
export function rangeOfMember(text: string, key: string): Range | null {
  for (const string of strings(text)) {
    const colon = skipSpace(text, string.end);
    if (text[colon] === ':' && sameKey(text, string, key)) return valueAt(text, skipSpace(text, colon + 1)).range;
  }
  return null;
}

/** The ranges (as in `rangeOfMember`) of a JSON object's own members; the last of equal names, as JSON.parse has it. */
export function topLevelRanges(text: string): Map<string, Range> {
  const ranges = new Map<string, Range>();
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  at = skipSpace(text, at);
  if (text[at] !== '{') return ranges;
  at = skipSpace(text, at + 1);
  while (text[at] === '"') {
    const end = stringEnd(text, at);
    const colon = skipSpace(text, end);
    if (text[colon] !== ':') return ranges;
    const value = valueAt(text, skipSpace(text, colon + 1));
    const key = decodeString(text, at, end);
    if (key !== null) ranges.set(key, value.range);
    const comma = skipSpace(text, value.end);
    if (text[comma] !== ',') return ranges;
    at = skipSpace(text, comma + 1);
  }
  return ranges;
}

/**
 * Where each of the wanted strings stands in JSON text (between its quotes), every occurrence in order.
 * One pass over the text, however many are wanted.
 */
export function rangesOfStrings(text: string, wanted: ReadonlySet<string>): Map<string, Range[]> {
  const found = new Map<string, Range[]>();
  if (wanted.size === 0) return found;
  for (const { start, end } of strings(text)) {
    const value = decodeString(text, start, end);
    if (value === null || !wanted.has(value)) continue;
    const ranges = found.get(value);
    const range: Range = [start + 1, end - 1];
    if (ranges === undefined) found.set(value, [range]);
    else ranges.push(range);
  }
  return found;
}

interface Span {
  readonly start: number;
  /** Behind the closing quote. */
  readonly end: number;
}

function* strings(text: string): Generator<Span> {
  let start = text.indexOf('"');
  while (start >= 0) {
    const end = stringEnd(text, start);
    yield { start, end };
    start = text.indexOf('"', end);
  }
}

/** Behind the closing quote of the string that opens at `at`; one that does not close has it at the text's end. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i += 1;
    else if (code === 0x22) return i + 1;
  }
  return text.length + 1;
}

function valueAt(text: string, at: number): { range: Range; end: number } {
  const first = text[at];
  if (first === '"') {
    const end = stringEnd(text, at);
    return { range: [at + 1, end - 1], end };
  }
  const end = first === '{' || first === '[' ? containerEnd(text, at) : literalEnd(text, at);
  return { range: [at, end], end };
}

function containerEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i += 1) {
    const character = text[i];
    if (character === '"') i = stringEnd(text, i) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return text.length;
}

function literalEnd(text: string, at: number): number {
  let i = at;
  while (i < text.length && !',]}" \t\r\n'.includes(text.charAt(i))) i += 1;
  return i;
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && ' \t\r\n'.includes(text.charAt(i))) i += 1;
  return i;
}

function sameKey(text: string, span: Span, key: string): boolean {
  // An escape is at most six times as long as what it stands for.
  if (span.end - span.start - 2 > key.length * 6) return false;
  return decodeString(text, span.start, span.end) === key;
}

function decodeString(text: string, start: number, end: number): string | null {
  const raw = text.slice(start + 1, end - 1);
  if (!raw.includes('\\')) return raw;
  // By hand: JSON.parse's exception for a bad escape costs a thousand times its length.
  const parts: string[] = [];
  let from = 0;
  for (let at = raw.indexOf('\\'); at >= 0; at = raw.indexOf('\\', from)) {
    const escaped = raw.charAt(at + 1);
    const width = escaped === 'u' ? 6 : 2;
    const character = escaped === 'u' ? unicodeEscape(raw.slice(at + 2, at + 6)) : simpleEscapes.get(escaped);
    if (character === undefined) return null;
    parts.push(raw.slice(from, at), character);
    from = at + width;
  }
  parts.push(raw.slice(from));
  return parts.join('');
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

function unicodeEscape(digits: string): string | undefined {
  return /^[0-9A-Fa-f]{4}$/.test(digits) ? String.fromCharCode(Number.parseInt(digits, 16)) : undefined;
}
