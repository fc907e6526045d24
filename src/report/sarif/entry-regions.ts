/** Where an entry stands in the text of a HAR: SARIF 2.1.0 section 3.30, lines and columns from 1, columns in UTF-16 units. */
export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  /** The column after the last character. */
  readonly endColumn: number;
}

const brace = 0x7b;
const bracket = 0x5b;
const quote = 0x22;

/**
 * The region of each member of `log.entries` in the text of a HAR; none when the text has no such array.
 * One pass over the text, whatever its nesting; of a repeated key the last one counts, as in JSON.parse.
 */
export function entryRegions(text: string): readonly Region[] {
  let regions: Region[] = [];
  let depth = 0;
  let line = 1;
  let lineStart = 0;
  /** The brackets and keys of the three outermost levels; deeper ones are only counted. */
  const kinds: number[] = [];
  const keys: string[] = [];
  let expectsKey = false;
  let start: { readonly line: number; readonly column: number } | null = null;
  const isInEntries = (): boolean =>
    depth === 3 &&
    kinds[0] === brace &&
    kinds[1] === brace &&
    kinds[2] === bracket &&
    keys[0] === 'log' &&
    keys[1] === 'entries';

  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    let end = at + 1;
    switch (code) {
      case 0x0a:
        line++;
        lineStart = at + 1;
        continue;
      case 0x20:
      case 0x09:
      case 0x0d:
      case 0xfeff:
      case 0x3a:
        continue;
      case 0x2c:
        expectsKey = depth <= 2 && kinds[depth - 1] === brace;
        continue;
      case brace:
      case bracket:
        if (isInEntries()) start = { line, column: at - lineStart + 1 };
        depth++;
        if (depth <= 3) kinds[depth - 1] = code;
        expectsKey = depth <= 2 && code === brace;
        continue;
      case 0x7d:
      case 0x5d:
        depth--;
        expectsKey = false;
        break;
      case quote:
        end = endOfString(text, at);
        if (expectsKey) {
          keys[depth - 1] = keyOf(text.slice(at, end));
          expectsKey = false;
          if (keys[0] === 'log' && (depth === 1 || keys[1] === 'entries')) regions = [];
          at = end - 1;
          continue;
        }
        if (isInEntries()) start = { line, column: at - lineStart + 1 };
        break;
      default:
        while (end < text.length && !isDelimiter(text.charCodeAt(end))) end++;
        if (isInEntries()) start = { line, column: at - lineStart + 1 };
    }
    if (start !== null && depth === 3) {
      const { line: startLine, column: startColumn } = start;
      regions.push({ startLine, startColumn, endLine: line, endColumn: end - lineStart + 1 });
      start = null;
    }
    at = end - 1;
  }
  return regions;
}

/** The offset after the string's closing quote. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === quote) return at + 1;
  }
  return text.length;
}

function isDelimiter(code: number): boolean {
  return code <= 0x20 || code === 0x2c || code === 0x5d || code === 0x7d;
}

/** A key may be written with escapes: `"l\u006fg"` is `log`. */
function keyOf(text: string): string {
  try {
    const key: unknown = JSON.parse(text);
    return typeof key === 'string' ? key : '';
  } catch {
    return '';
  }
}
