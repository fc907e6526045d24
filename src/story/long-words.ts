import type { Range } from '../protocol/range.ts';
import { escapedWords } from './escaped-words.ts';

/** A secret shorter than this is not looked for: it could stand anywhere by chance. */
export const MIN_SECRET = 16;

/**
 * The words of a text that can be a secret: long ones, and the aliases that a redacted copy has in place of tokens
 * and codes, as good as the secret itself, though short. Also those inside of URL-encoded ones.
 */
export function longWords(text: string): Range[] {
  if (text.includes('%')) return allWords(text).filter(([start, end]) => isLong(text, start, end));
  const words = longRuns(text);
  if (text.includes('-') && aliasInText.test(text)) {
    for (const { 0: word, index } of text.matchAll(aliasesInText))
      if (word.length < MIN_SECRET && !isWordCode(text.charCodeAt(index - 1))) words.push([index, index + word.length]);
  }
  return words;
}

/** Whether a text is what a redacted copy has in place of a token or code. */
export function isAlias(text: string): boolean {
  return alias.test(text);
}

const aliasForm = '(?:at|rt|id|code|secret)-[1-9][0-9]{0,8}';
const alias = new RegExp(`^${aliasForm}$`);
/** The characters of tokens and codes (RFC 6750 b64token, RFC 3986 unreserved) and the percent sign of their encodings. */
const wordCharacters = 'A-Za-z0-9._~+%-';
const aliasInText = new RegExp(`${aliasForm}(?![${wordCharacters}])`);
const aliasesInText = new RegExp(aliasInText, 'g');

const wordCodes = new Uint8Array(128);
for (let code = 0; code < wordCodes.length; code += 1)
  wordCodes[code] = new RegExp(`[${wordCharacters}]`).test(String.fromCharCode(code)) ? 1 : 0;

function isWordCode(code: number): boolean {
  return code < wordCodes.length && wordCodes[code] === 1;
}

/** Long runs of word characters. From a character that is none the next look is so far ahead as such a run is long. */
function longRuns(text: string): Range[] {
  const runs: Range[] = [];
  let start = 0;
  for (;;) {
    const last = start + MIN_SECRET - 1;
    if (last >= text.length) return runs;
    let at = last;
    while (at >= start && isWordCode(text.charCodeAt(at))) at -= 1;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = last + 1;
    while (end < text.length && isWordCode(text.charCodeAt(end))) end += 1;
    runs.push([start, end]);
    start = end + 1;
  }
}

function isLong(text: string, start: number, end: number): boolean {
  if (end - start >= MIN_SECRET) return true;
  const last = text.charCodeAt(end - 1);
  return end - start >= 4 && last >= 48 && last <= 57 && isAlias(text.slice(start, end));
}

function allWords(text: string): Range[] {
  const words: Range[] = [];
  let start = -1;
  let escaped = false;
  for (let at = 0; at <= text.length; at += 1) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    if (isWordCode(code)) {
      if (start < 0) start = at;
      if (code === PERCENT) escaped = true;
      continue;
    }
    if (start >= 0) {
      words.push([start, at]);
      if (escaped) words.push(...escapedWords(text, start, at, isWordCode));
    }
    start = -1;
    escaped = false;
  }
  return words;
}

const PERCENT = 37;
