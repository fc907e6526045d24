import type { Exchange } from '../../../../exchange/exchange.ts';
import type { Note } from '../../../../report/notes.ts';
import type { Outcome } from '../../../../rules/outcome.ts';
import type { Grant, Token } from '../../../../story/model.ts';
import type { ScopeMatrix } from '../scopes.ts';
import type { StoryIndex } from '../story-index.ts';
import { inWords } from '../words.ts';
import { type Clock, matches, type Subject, type WordField } from './match.ts';
import type { Term } from './parse.ts';

/** What `has:` may ask for. */
export const possessions = ['finding', 'error', 'challenge', 'token', 'note', 'pin'] as const;

/**
 * What of a session can be found by a search. A finding, a token and a table of scopes answer
 * for themselves and for the exchanges they rest on, a row for itself and for what rests on it,
 * so that one search narrows every view to the same matter.
 */
export class Subjects {
  readonly #index: StoryIndex;
  readonly #notes: ReadonlyMap<number, readonly Note[]>;
  #outcomes: ReadonlyMap<number, readonly Outcome[]> | null = null;
  #grants: ReadonlyMap<string, Grant> | null = null;

  constructor(index: StoryIndex, notes: readonly Note[]) {
    this.#index = index;
    this.#notes = gathered(notes.flatMap((note) => (note.entry === null ? [] : [[note.entry, note] as const])));
  }

  row(entry: number): Subject {
    const exchange = this.#index.exchanges[entry];
    return {
      values: (field) => (exchange === undefined ? [] : this.#ofRow(exchange, field)),
      texts: () => (exchange === undefined ? [] : this.#textsOfRow(exchange)),
      times: () => (exchange === undefined ? [] : [exchange.sent]),
    };
  }

  outcome(outcome: Outcome): Subject {
    const own = (field: WordField): readonly string[] => {
      if (field === 'server') return [outcome.subject];
      return ofOutcome(outcome, field);
    };
    const texts = [outcome.rule, outcome.message, outcome.subject, outcome.fix];
    const entries = outcome.evidence.map(({ entry }) => entry);
    // A finding is about one rule: what else its exchanges show is not its own.
    return this.#resting(own, texts, entries, isOfOutcomes);
  }

  token(token: Token): Subject {
    const { grant } = token;
    const own = (field: WordField): readonly string[] => {
      if (field === 'token') return [token.id, token.kind];
      if (field === 'scope') return token.scope ?? [];
      return grant === null ? [] : ofGrant(grant, field);
    };
    const issued = token.issuedBy === null ? [] : [token.issuedBy.exchange.entry];
    const entries = {
      *[Symbol.iterator]() {
        yield* issued;
        yield* token.uses;
      },
    };
    return this.#resting(own, [token.id], entries, (field) => field === 'token' || field === 'scope');
  }

  scopes({ server, issuer, clientId, scopes, events }: ScopeMatrix): Subject {
    const own = (field: WordField): readonly string[] => {
      if (field === 'server') return [server];
      if (field === 'issuer') return [issuer];
      if (field === 'client') return clientId === null ? [] : [clientId];
      return field === 'scope' ? scopes : [];
    };
    const entries = events.map(({ entry }) => entry);
    return this.#resting(own, [server, issuer, ...scopes], entries, (field) => field === 'scope');
  }

  /** `#14`: when that exchange was sent; `12.5s`: after the session's beginning; else a date, or a time of its first day. */
  clock(start: number): Clock {
    return (value) => {
      if (value.startsWith('#')) return this.#index.exchanges[Number.parseInt(value.slice(1), 10)]?.sent ?? null;
      const seconds = /^\d{1,9}(?:\.\d{1,6})?s?$/.test(value) ? Number.parseFloat(value) : Number.NaN;
      if (!Number.isNaN(seconds)) return start + seconds * 1000;
      if (/^\d{1,2}:\d{2}(?::\d{2})?$/.test(value)) {
        const [hours = 0, minutes = 0, rest = 0] = value.split(':').map(Number);
        return new Date(start).setHours(hours, minutes, rest, 0);
      }
      const time = Date.parse(value);
      return Number.isNaN(time) ? null : time;
    };
  }

  /** Something that rests on exchanges; `own` says of which fields it speaks only for itself. */
  #resting(
    values: (field: WordField) => readonly string[],
    texts: readonly string[],
    entries: Iterable<number>,
    isOwn: (field: WordField) => boolean,
  ): Subject {
    const row = (entry: number): Subject => this.row(entry);
    return {
      *values(field) {
        yield* values(field);
        if (!isOwn(field)) for (const entry of entries) yield* row(entry).values(field);
      },
      texts: () => texts,
      *times() {
        for (const entry of entries) yield* row(entry).times();
      },
    };
  }

  /** Tells the entries whose rows answer the search; null where there is no search. */
  rows(terms: readonly Term[], start: number): ((entry: number) => boolean) | null {
    if (terms.length === 0) return null;
    const clock = this.clock(start);
    return (entry) => matches(this.row(entry), terms, clock);
  }

  #ofRow(exchange: Exchange, field: WordField): readonly string[] {
    const { entry } = exchange;
    const role = this.#index.role(entry);
    switch (field) {
      case 'server':
        return [role === null ? exchange.url : (role.server ?? '')];
      case 'issuer':
        return [role?.issuer ?? ''];
      case 'client':
        return this.#clientsOf(entry);
      case 'grant': {
        const grant = this.#grantOf(entry);
        return grant === null ? [] : [grant.id, grant.cause];
      }
      case 'status':
        return [String(exchange.response.status)];
      case 'method':
        return [exchange.method, ...(this.#index.calls.get(entry)?.requests.map(({ method }) => method) ?? [])];
      case 'tool':
        return [this.#index.calls.get(entry)?.tool?.name ?? ''];
      case 'token':
        return role?.tokens ?? [];
      case 'scope':
        return this.#scopesOf(entry);
      case 'has':
        return possessions.filter((one) => this.#has(exchange, one));
      default:
        return this.#outcomesAt(entry).flatMap((outcome) => ofOutcome(outcome, field));
    }
  }

  #textsOfRow(exchange: Exchange): readonly string[] {
    const { what, note } = inWords(exchange, this.#index);
    const written = this.#notes.get(exchange.entry) ?? [];
    return [`${what} ${note}`, exchange.url, `#${exchange.entry}`, ...written.map(({ text }) => text)];
  }

  #has({ entry, response: { status } }: Exchange, what: (typeof possessions)[number]): boolean {
    switch (what) {
      case 'finding':
        return this.#index.findings.has(entry);
      case 'error':
        return status === 0 || status >= 400;
      case 'challenge':
        return (this.#index.calls.get(entry)?.challenge ?? null) !== null;
      case 'token':
        return (this.#index.role(entry)?.tokens.length ?? 0) > 0;
      case 'note':
        return this.#notes.get(entry)?.some(({ text }) => text !== '') ?? false;
      case 'pin':
        return this.#notes.get(entry)?.some(({ pinned }) => pinned) ?? false;
    }
  }

  #grantOf(entry: number): Grant | null {
    this.#grants ??= new Map(this.#index.story.grants.map((grant) => [grant.id, grant]));
    const id = this.#index.role(entry)?.grant ?? null;
    return this.#index.grants.get(entry) ?? (id === null ? null : (this.#grants.get(id) ?? null));
  }

  #clientsOf(entry: number): readonly string[] {
    const registered = this.#index.registrations.get(entry)?.clientId;
    return [this.#grantOf(entry)?.clientId, registered].flatMap((id) => id ?? []);
  }

  #scopesOf(entry: number): readonly string[] {
    const { calls, grants, tokenExchanges, serverMetadata } = this.#index;
    const grant = grants.get(entry);
    return [
      ...(calls.get(entry)?.challenge?.scope ?? []),
      ...(grant?.authorization?.exchange.entry === entry ? (grant.requested ?? []) : []),
      ...(grant?.token?.exchange.entry === entry ? (grant.granted ?? []) : []),
      ...(tokenExchanges.get(entry)?.response?.scope ?? []),
      ...(serverMetadata.get(entry)?.metadata.scopesSupported ?? []),
    ];
  }

  /** Outcomes of every kind whose evidence names the entry. */
  #outcomesAt(entry: number): readonly Outcome[] {
    this.#outcomes ??= byEntry(this.#index.outcomes);
    return this.#outcomes.get(entry) ?? [];
  }
}

function byEntry(outcomes: readonly Outcome[]): ReadonlyMap<number, readonly Outcome[]> {
  return gathered(
    outcomes.flatMap((outcome) =>
      [...new Set(outcome.evidence.map(({ entry }) => entry))].map((entry) => [entry, outcome] as const),
    ),
  );
}

function gathered<T>(pairs: readonly (readonly [number, T])[]): ReadonlyMap<number, readonly T[]> {
  const found = new Map<number, T[]>();
  for (const [entry, item] of pairs) {
    const known = found.get(entry);
    if (known === undefined) found.set(entry, [item]);
    else known.push(item);
  }
  return found;
}

function isOfOutcomes(field: WordField): boolean {
  return field === 'rule' || field === 'level' || field === 'kind' || field === 'party';
}

function ofOutcome({ rule, level, kind, party }: Outcome, field: WordField): readonly string[] {
  switch (field) {
    case 'rule':
      return [rule];
    case 'level':
      return [level];
    case 'kind':
      return [kind];
    case 'party':
      return [party];
    default:
      return [];
  }
}

function ofGrant({ id, cause, issuer, clientId, server }: Grant, field: WordField): readonly string[] {
  switch (field) {
    case 'grant':
      return [id, cause];
    case 'issuer':
      return [issuer];
    case 'client':
      return clientId === null ? [] : [clientId];
    case 'server':
      return server === null ? [] : [server.url];
    default:
      return [];
  }
}
