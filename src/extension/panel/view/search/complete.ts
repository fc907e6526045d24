import type { Outcome } from '../../../../rules/outcome.ts';
import type { WordField } from './match.ts';
import { readWords, type SearchField, searchFields, type Word } from './parse.ts';
import { possessions, type Subjects } from './subjects.ts';

/** Something that the word at the caret may become. */
export interface Completion {
  /** What stands in place of the word from `from` to `to`. */
  readonly text: string;
  /** The field that it is, or of which it is a value. */
  readonly field: SearchField;
  /** How many rows or findings have it; null for a field. */
  readonly count: number | null;
}

export interface Completions {
  /** What is replaced, UTF-16 offsets. */
  readonly from: number;
  readonly to: number;
  readonly list: readonly Completion[];
}

/** Values of a field with the number of rows or findings that have them, most frequent first. */
export type Census = (field: WordField) => readonly (readonly [value: string, count: number])[];

/** Completions shown at most. */
export const mostCompletions = 12;

const none: Completions = { from: 0, to: 0, list: [] };

/** Completes the word that ends at the caret: a field's name, or a value of the session that is shown. */
export function complete(text: string, caret: number, census: Census): Completions {
  const word = readWords(text.slice(0, caret)).find(({ to }) => to === caret);
  if (word === undefined) return { from: caret, to: caret, list: fields('') };
  if (word.field === null) return ofField(text, word);
  if (word.field === 'before' || word.field === 'after') return none;
  const typed = text.slice(word.valueFrom, caret).replaceAll('"', '').toLowerCase();
  const found = census(word.field).filter(([value]) => value.toLowerCase().includes(typed));
  const [only] = found;
  // Nothing is left to complete.
  if (found.length === 1 && only?.[0].toLowerCase() === typed) return none;
  const first = (value: string): number => (value.toLowerCase().startsWith(typed) ? 0 : 1);
  const field = word.field;
  return {
    from: word.valueFrom,
    to: caret,
    list: found
      .toSorted(([one], [other]) => first(one) - first(other))
      .slice(0, mostCompletions)
      .map(([value, count]) => ({ text: quoted(value), field, count })),
  };
}

function ofField(text: string, { valueFrom, to }: Word): Completions {
  const typed = text.slice(valueFrom, to).toLowerCase();
  return { from: valueFrom, to, list: typed.startsWith('"') ? [] : fields(typed) };
}

function fields(typed: string): Completion[] {
  return searchFields
    .filter((field) => field.startsWith(typed))
    .map((field) => ({ text: `${field}:`, field, count: null }));
}

/** Applies a completion; a value is followed by a space, for the next word. */
export function applied(text: string, { from, to }: Completions, { text: chosen, count }: Completion) {
  const before = `${text.slice(0, from)}${chosen}${count === null ? '' : ' '}`;
  return { text: `${before}${text.slice(to).trimStart()}`, caret: before.length };
}

/** A value as it must be written so that it is read back whole. */
export function quoted(value: string): string {
  return /[\s,]/.test(value) || value.startsWith('-') ? `"${value}"` : value;
}

/** Counts the values of a session's rows, or of its findings where a field is theirs. */
export function censusOf(subjects: Subjects, entries: Iterable<number>, outcomes: readonly Outcome[]): Census {
  const known = new Map<WordField, ReturnType<Census>>();
  return (field) => {
    const before = known.get(field);
    if (before !== undefined) return before;
    const counts = new Map<string, number>();
    const ofFindings = field === 'rule' || field === 'level' || field === 'kind' || field === 'party';
    const count = (values: Iterable<string>): void => {
      for (const value of new Set(values)) {
        if (value !== '' && !value.includes('"')) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    };
    if (ofFindings) for (const outcome of outcomes) count(subjects.outcome(outcome).values(field));
    else for (const entry of entries) count(subjects.row(entry).values(field));
    // What may be asked for is offered even where nothing has it.
    if (field === 'has') for (const one of possessions) counts.set(one, counts.get(one) ?? 0);
    const list = [...counts].toSorted(([, one], [, other]) => other - one);
    known.set(field, list);
    return list;
  };
}
