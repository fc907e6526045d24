import type { Range } from '../protocol/range.ts';

/**
 * The words of a text that is URL-encoded inside another, as in `page=%2Fcallback%3Fcode%3Dabc`: an escape
 * that stands for a separator ends a word, once or twice encoded (`%3D`, `%253D`); any other belongs to it.
 * Ranges are offsets in the whole text; the whole of it is not repeated when nothing separates it.
 */
export function escapedWords(text: string, start: number, end: number, isWord: (code: number) => boolean): Range[] {
  const words: Range[] = [];
  let from = start;
  let at = start;
  while (at < end) {
    const escaped = text.charCodeAt(at) === PERCENT ? readEscape(text, at, end) : null;
    if (escaped && !isWord(escaped.code)) {
      if (at > from) words.push([from, at]);
      from = at + escaped.length;
    }
    at += escaped?.length ?? 1;
  }
  if (from === start) return [];
  if (end > from) words.push([from, end]);
  return words;
}

const PERCENT = 37;

/** The byte that `%XX` or `%25XX` stands for. */
function readEscape(text: string, at: number, end: number): { readonly code: number; readonly length: number } | null {
  const once = byteAt(text, at + 1, end);
  if (once === null) return null;
  const twice = once === PERCENT ? byteAt(text, at + 3, end) : null;
  return twice === null ? { code: once, length: 3 } : { code: twice, length: 5 };
}

function byteAt(text: string, at: number, end: number): number | null {
  if (at + 2 > end) return null;
  const high = hexDigit(text.charCodeAt(at));
  const low = hexDigit(text.charCodeAt(at + 1));
  return high === null || low === null ? null : high * 16 + low;
}

function hexDigit(code: number): number | null {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : null;
}
