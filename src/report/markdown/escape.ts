import { visibleLine } from '../text.ts';

/**
 * Text of strangers as GitHub Flavored Markdown that is text and nothing else: plain words
 * stay, every other word becomes a code span. In a code span nothing is markup, an
 * address, a mention (`@name`), a reference (`#1`, `GH-1`, a commit) or an emoji.
 */
export function markdownText(text: string): string {
  return visibleLine(text)
    .split(' ')
    .map((word) => (word === '' ? '' : markdownWord(word)))
    .join(' ');
}

/** A code span. A bar would end the cell of a table, whatever stands before it, so `inTable` shows it as an escape. */
export function code(text: string, inTable = false): string {
  const shown = inTable ? visibleLine(text).replaceAll('|', '\\u{7c}') : visibleLine(text);
  if (shown === '') return '';
  const fence = '`'.repeat(longestRun(shown, '`') + 1);
  // A span that begins or ends with a backtick or a space takes one space of padding (CommonMark section 6.1).
  const padding = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}

/** A word of letters and digits keeps its punctuation outside; any other word is a code span whole. */
function markdownWord(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && opening.has(word[start] ?? '')) start++;
  while (end > start && closing.has(word[end - 1] ?? '')) end--;
  const core = word.slice(start, end);
  if (core === '') return isPlainPunctuation(word) ? word : code(word);
  if (isPlainWord(core)) return word;
  // `error="x"`, `f(x)`: what was opened inside closes inside.
  while (/["'(]/.test(core) && end < word.length && !marks.has(word[end] ?? '')) end++;
  return word.slice(0, start) + code(word.slice(start, end)) + word.slice(end);
}

const opening: ReadonlySet<string> = new Set(['(', '"', "'", '“', '‘']);
const marks: ReadonlySet<string> = new Set(['.', ',', ';', ':', '?', '!']);
const closing: ReadonlySet<string> = new Set([')', '"', "'", '”', '’', ...marks]);

/** Only what means nothing by itself; a lone `:` or `.` cannot make a list or an emoji. */
function isPlainPunctuation(word: string): boolean {
  return word.length === 1;
}

function isPlainWord(word: string): boolean {
  if (!/^[\p{L}\p{M}\p{N}'’-]+$/u.test(word)) return false;
  if (/^[-'’]|[-'’]$|--/.test(word)) return false;
  // GH-1, ABC-1: a reference to an issue in many trackers.
  if (/\p{L}-\d/u.test(word)) return false;
  return !(word.length >= 7 && /^[0-9a-f]+$/i.test(word));
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const one of text) {
    run = one === character ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}
