/** Fields of the search language, in the order in which they are offered. */
export const searchFields = [
  'server',
  'issuer',
  'client',
  'grant',
  'status',
  'method',
  'tool',
  'rule',
  'level',
  'kind',
  'party',
  'token',
  'scope',
  'has',
  'before',
  'after',
] as const;
export type SearchField = (typeof searchFields)[number];

/** One word of a search: `status:401`, `-server:search`, `kind:fail,open`, `"exact words"`. */
export interface Term {
  /** null for free text. */
  readonly field: SearchField | null;
  /** Lower case; any of them will do. None where the word is not finished: `status:`. */
  readonly values: readonly string[];
  readonly negated: boolean;
}

/** A term and where it stands in the text, UTF-16 offsets. */
export interface Word extends Term {
  readonly from: number;
  readonly to: number;
  /** Where its last value begins, behind the field's colon, a comma or the minus sign. */
  readonly valueFrom: number;
}

/** Splits a search into its terms. Every text is a search; an unknown field is free text. */
export function parseSearch(text: string): readonly Term[] {
  return readWords(text).map(({ field, values, negated }) => ({ field, values, negated }));
}

/** Splits a search into its words, in one pass. A quote that is not closed reaches to the end. */
export function readWords(text: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text.charAt(at))) {
      at += 1;
      continue;
    }
    const word = readWord(text, at);
    if (word.field !== null || word.values.length > 0) words.push(word);
    at = word.to;
  }
  return words;
}

function readWord(text: string, from: number): Word {
  const negated = text.charAt(from) === '-' && from + 1 < text.length && !isSpace(text.charAt(from + 1));
  const start = negated ? from + 1 : from;
  const values: string[] = [];
  let field: SearchField | null = null;
  let valueFrom = start;
  let quoted = false;
  // Only the first colon may end a field's name.
  let named = false;
  let at = start;
  for (; at < text.length && (quoted || !isSpace(text.charAt(at))); at += 1) {
    const char = text.charAt(at);
    if (char === '"') quoted = !quoted;
    else if (char === ':' && !quoted && !named) {
      named = true;
      field = fieldOf(text, start, at);
      if (field !== null) valueFrom = at + 1;
    } else if (char === ',' && !quoted && field !== null) {
      takeValue(values, text, valueFrom, at);
      valueFrom = at + 1;
    }
  }
  takeValue(values, text, valueFrom, at);
  return { field, values, negated, from, to: at, valueFrom };
}

/** Adds a value as it is looked for: without its quotes, in lower case. A slice, for text that is pasted may be long. */
function takeValue(values: string[], text: string, from: number, to: number): void {
  const written = text.slice(from, to).toLowerCase();
  const value = written.includes('"') ? written.replaceAll('"', '') : written;
  if (value !== '') values.push(value);
}

/** The longest name of a field, so that a long word is not compared with each. */
const longestField = 8;

function fieldOf(text: string, from: number, to: number): SearchField | null {
  if (to - from > longestField) return null;
  const name = text.slice(from, to).toLowerCase();
  return searchFields.find((field) => field === name) ?? null;
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\u00a0';
}
