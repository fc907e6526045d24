import type { Outcome } from '../../../rules/outcome.ts';
import type { Flow, FlowRow } from './flow.ts';
import type { StoryIndex } from './story-index.ts';

/** One word of a search: `status:401`, `-server:search`, `"exact words"`. */
export interface Term {
  /** Lower case; empty for free text. */
  readonly field: string;
  /** Lower case. */
  readonly value: string;
  readonly negated: boolean;
}

export const searchFields = ['server', 'status', 'method', 'rule', 'level', 'kind', 'party'] as const;

/** Splits a search into its terms. Every text is a search; an unknown field is free text. */
export function parseSearch(text: string): readonly Term[] {
  const terms: Term[] = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text.charAt(at))) {
      at += 1;
      continue;
    }
    const negated = text.charAt(at) === '-' && at + 1 < text.length && !isSpace(text.charAt(at + 1));
    if (negated) at += 1;
    let field = '';
    let value = '';
    let quoted = false;
    while (at < text.length && (quoted || !isSpace(text.charAt(at)))) {
      const char = text.charAt(at);
      if (char === '"') quoted = !quoted;
      else if (char === ':' && !quoted && field === '' && isField(value)) {
        field = value.toLowerCase();
        value = '';
      } else value += char;
      at += 1;
    }
    if (value !== '' || field !== '') terms.push({ field, value: value.toLowerCase(), negated });
  }
  return terms;
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\u00a0';
}

function isField(word: string): boolean {
  return (searchFields as readonly string[]).includes(word.toLowerCase());
}

/** Tells the entries whose rows answer the search; null where there is no search. */
export function rowFilter(flow: Flow, index: StoryIndex, terms: readonly Term[]): ((entry: number) => boolean) | null {
  if (terms.length === 0) return null;
  return (entry) => {
    const row = flow.row(entry);
    if (row === null) return false;
    const rests = index.findings.get(entry) ?? [];
    const outcomes = rests.flatMap((at) => index.outcomes[at] ?? []);
    return rowMatches(row, outcomes, terms);
  };
}

/** Whether a row of the flow answers the search; `outcomes` are those that rest on it. */
export function rowMatches(row: FlowRow, outcomes: readonly Outcome[], terms: readonly Term[]): boolean {
  return terms.every((term) => term.value === '' || rowHas(row, outcomes, term) !== term.negated);
}

function rowHas({ exchange, role, what, note }: FlowRow, outcomes: readonly Outcome[], term: Term): boolean {
  const { field, value } = term;
  switch (field) {
    case 'server':
      return (role?.server ?? role?.issuer ?? exchange.url).toLowerCase().includes(value);
    case 'status':
      return statusMatches(exchange.response.status, value);
    case 'method':
      return exchange.method.toLowerCase() === value || what.toLowerCase().includes(value);
    case '':
      return `${what} ${note} ${exchange.url} #${exchange.entry}`.toLowerCase().includes(value);
    default:
      return outcomes.some((outcome) => outcomeHas(outcome, term));
  }
}

/** Whether an outcome answers the search. Words about exchanges only (`status:`, `method:`) do not hide outcomes. */
export function outcomeMatches(outcome: Outcome, terms: readonly Term[]): boolean {
  return terms.every((term) => {
    if (term.value === '' || term.field === 'status' || term.field === 'method') return true;
    return outcomeHas(outcome, term) !== term.negated;
  });
}

function outcomeHas(outcome: Outcome, { field, value }: Term): boolean {
  switch (field) {
    case 'server':
      return outcome.subject.toLowerCase().includes(value);
    case 'rule':
      return outcome.rule.toLowerCase().includes(value);
    case 'level':
      return outcome.level === value;
    case 'kind':
      return outcome.kind.toLowerCase() === value;
    case 'party':
      return outcome.party.startsWith(value);
    case '':
      return `${outcome.rule} ${outcome.message} ${outcome.subject} ${outcome.fix}`.toLowerCase().includes(value);
    default:
      return false;
  }
}

/** `401`, `4xx`, `4`, `>=400`, `<300`. */
function statusMatches(status: number, value: string): boolean {
  for (const sign of ['>=', '<=', '>', '<'] as const) {
    if (!value.startsWith(sign)) continue;
    const limit = Number.parseInt(value.slice(sign.length), 10);
    if (sign === '>=') return status >= limit;
    if (sign === '<=') return status <= limit;
    return sign === '>' ? status > limit : status < limit;
  }
  const digits = value.endsWith('xx') ? value.slice(0, -2) : value;
  return String(status).startsWith(digits);
}
