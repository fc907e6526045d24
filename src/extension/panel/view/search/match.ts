import type { SearchField, Term } from './parse.ts';

/** Fields whose values are words; `before` and `after` are of time. */
export type WordField = Exclude<SearchField, 'before' | 'after'>;

/** Something that a search may find: a row, a finding, a token, a table of scopes. Asked only for what a search names. */
export interface Subject {
  values(field: WordField): Iterable<string>;
  /** What free text is looked for in. */
  texts(): Iterable<string>;
  /** When it happened, milliseconds since the epoch; several for what rests on several exchanges. */
  times(): Iterable<number>;
}

/** Reads the value of `before:` and `after:`; null when it is no time. */
export type Clock = (value: string) => number | null;

/** Whether a subject answers every term of a search. A term without a value, or with a time that cannot be read, asks for nothing. */
export function matches(subject: Subject, terms: readonly Term[], clock: Clock): boolean {
  return terms.every((term) => {
    const has = answers(subject, term, clock);
    return has === null || has !== term.negated;
  });
}

function answers(subject: Subject, { field, values }: Term, clock: Clock): boolean | null {
  if (values.length === 0) return null;
  if (field === 'before' || field === 'after') {
    const [moment = null] = values.map(clock).filter((time) => time !== null);
    if (moment === null) return null;
    return some(subject.times(), (time) => (field === 'before' ? time < moment : time > moment));
  }
  if (field === null) return some(subject.texts(), (text) => values.some((value) => lower(text).includes(value)));
  const fits = comparisons[field];
  return some(subject.values(field), (text) => values.some((value) => fits(lower(text), value)));
}

type Comparison = (text: string, value: string) => boolean;
const contains: Comparison = (text, value) => text.includes(value);
const begins: Comparison = (text, value) => text.startsWith(value);
const equals: Comparison = (text, value) => text === value;

const comparisons: Readonly<Record<WordField, Comparison>> = {
  server: contains,
  issuer: contains,
  client: contains,
  grant: equals,
  status: statusFits,
  method: begins,
  tool: contains,
  rule: contains,
  level: equals,
  kind: equals,
  party: begins,
  token: (text, value) => text === value || text.startsWith(`${value}-`),
  scope: contains,
  has: equals,
};

/** `401`, `4xx`, `4`, `>=400`, `<300`. */
function statusFits(status: string, value: string): boolean {
  const sign = ['>=', '<=', '>', '<'].find((one) => value.startsWith(one));
  if (sign === undefined) return status.startsWith(value.endsWith('xx') ? value.slice(0, -2) : value);
  const [code, limit] = [Number(status), Number.parseInt(value.slice(sign.length), 10)];
  if (sign === '>=') return code >= limit;
  if (sign === '<=') return code <= limit;
  return sign === '>' ? code > limit : code < limit;
}

function lower(text: string): string {
  return text.toLowerCase();
}

function some<T>(items: Iterable<T>, fits: (item: T) => boolean): boolean {
  for (const item of items) if (fits(item)) return true;
  return false;
}
