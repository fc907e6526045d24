import { type Exchange, header } from '../exchange/exchange.ts';
import { mcpScore } from '../protocol/mcp.ts';
import { protectedResourceAt, readProtectedResourceMetadata } from '../protocol/metadata.ts';
import { originOf } from '../protocol/url.ts';
import { readCall } from './calls.ts';
import type { Sighting } from './model.ts';
import { bySent, Sorted } from './order.ts';
import type { Reading } from './reading.ts';
import { ServerRecord } from './servers.ts';
import { WordIndex } from './sightings.ts';
import { type ModelTurn, readModelTurn } from './surfaced.ts';

/** An MCP endpoint needs this many points (rules.md B.1). */
const MCP_THRESHOLD = 3;

/** Longer bodies of MCP calls are not searched for secrets, characters. */
const MAX_WORDS_BODY = 65_536;

/** The readings of a log, filed as they come by all that they are looked up by, each list in time order. */
export class Archive {
  readonly #byEndpoint = new Map<string, Sorted<Reading>>();
  readonly #byHint = new Map<Reading['hint'], Sorted<Reading>>();
  readonly #byEntry = new Map<number, Reading>();
  readonly #pages = new Map<string, Sorted<Reading>>();
  readonly #redirects = new Sorted<Reading>(bySent);
  readonly #turns = new Sorted<ModelTurn>(bySent);
  readonly #servers = new Map<string, ServerRecord>();
  /** Servers whose metadata an MCP client read, by the entries that show it; most are called later. */
  readonly #discovered = new Map<number, string>();
  /** Entries whose request carried a credential, by its value. */
  readonly #uses = new Map<string, Sorted<number>>();
  readonly #words = new WordIndex();
  #credentials = 0;

  add(reading: Reading): void {
    const { exchange, target, hint, credential } = reading;
    this.#byEntry.set(exchange.entry, reading);
    if (credential) this.#credentials += 1;
    if (credential && credential.scheme !== 'other')
      listOf(this.#uses, credential.value, ascending).add(exchange.entry);
    if (exchange.response.location !== null) this.#redirects.add(reading);
    if (hint === 'model') this.#turns.add(readModelTurn(exchange));
    if (hint !== 'other') listOf(this.#byHint, hint, bySent).add(reading);
    const discovered = hint === 'well-known' ? discoveredServer(exchange) : null;
    if (discovered !== null) this.#discovered.set(exchange.entry, discovered);
    const there = listOf(this.#byEndpoint, target.endpoint, bySent);
    there.add(reading);
    const isCall = this.#fileCall(reading, there);
    this.#words.add(reading, !isCall || exchange.request.body.text.length < MAX_WORDS_BODY);
    if (!isCall && isPage(exchange)) listOf(this.#pages, target.origin, bySent).add(reading);
  }

  /** Takes out entries that will be read anew; of the MCP servers, only those they concern are drawn up again. */
  withdraw(entries: Iterable<number>): void {
    const endpoints = new Set<string>();
    for (const entry of entries) {
      const reading = this.#byEntry.get(entry);
      if (!reading) continue;
      const { exchange, target, hint, credential } = reading;
      this.#byEntry.delete(entry);
      this.#discovered.delete(entry);
      if (credential) this.#credentials -= 1;
      if (credential && credential.scheme !== 'other') this.#uses.get(credential.value)?.remove(entry);
      this.#redirects.remove(reading);
      this.#byHint.get(hint)?.remove(reading);
      this.#pages.get(target.origin)?.remove(reading);
      this.#byEndpoint.get(target.endpoint)?.remove(reading);
      const turn = hint === 'model' ? this.#turns.items.find((known) => known.exchange === exchange) : undefined;
      if (turn) this.#turns.remove(turn);
      endpoints.add(target.endpoint);
    }
    for (const endpoint of endpoints) {
      if (!this.#servers.delete(endpoint)) continue;
      const there = this.#byEndpoint.get(endpoint);
      // The first that shows a server takes all others there along.
      if (there) there.items.some((reading) => this.#fileCall(reading, there));
    }
  }

  at(endpoint: string): readonly Reading[] {
    return this.#byEndpoint.get(endpoint)?.items ?? [];
  }

  hinted(hint: Reading['hint']): readonly Reading[] {
    return this.#byHint.get(hint)?.items ?? [];
  }

  entry(entry: number): Reading | null {
    return this.#byEntry.get(entry) ?? null;
  }

  /** Answers that redirect. */
  get redirects(): readonly Reading[] {
    return this.#redirects.items;
  }

  /** Exchanges with language models; not those at an MCP server's own URL. */
  get turns(): readonly ModelTurn[] {
    return this.#turns.items.filter(
      ({ exchange }) => !this.#servers.has(this.entry(exchange.entry)?.target.endpoint ?? ''),
    );
  }

  /** What a browser may have loaded from an origin as a document; not MCP calls. */
  pages(origin: string): readonly Reading[] {
    return (this.#pages.get(origin)?.items ?? []).filter(({ target }) => !this.#servers.has(target.endpoint));
  }

  /** MCP servers, by their first call; then those that a client has discovered and come no further. */
  get servers(): ServerRecord[] {
    const called = [...this.#servers.values()].sort((one, other) => {
      const [first] = one.calls;
      const [second] = other.calls;
      return first && second ? bySent(first, second) : 0;
    });
    const origins = new Set(called.map(({ url }) => originOf(url)));
    const discovered = [...new Set(this.#discovered.values())].filter((url) => !origins.has(originOf(url)));
    return [...called, ...discovered.map((url) => new ServerRecord(url))];
  }

  server(url: string): ServerRecord | null {
    return this.#servers.get(url) ?? null;
  }

  uses(credential: string): readonly number[] {
    return this.#uses.get(credential)?.items ?? [];
  }

  /** Requests that carry a whole secret, in time order; not those to an endpoint of `beside` whose credential it is. */
  sightings(secret: string, beside?: (endpoint: string) => boolean): readonly Sighting[] {
    return [...this.#words.find(secret, beside)].filter((one) => this.#isCurrent(one)).sort(bySent);
  }

  /** Whether any request carries a whole secret. */
  isSighted(secret: string): boolean {
    for (const sighting of this.#words.find(secret)) if (this.#isCurrent(sighting)) return true;
    return false;
  }

  #isCurrent({ exchange }: Sighting): boolean {
    return this.entry(exchange.entry)?.exchange === exchange;
  }

  /** Whether any request carried a credential of any kind. */
  get hasCredentials(): boolean {
    return this.#credentials > 0;
  }

  /** Files a reading as a call where its URL is, or is now seen to be, an MCP server's. */
  #fileCall(reading: Reading, there: Sorted<Reading>): boolean {
    const url = reading.target.endpoint;
    const known = this.#servers.get(url);
    if (known) {
      if (!canBeCall(reading)) return false;
      known.add(readCall(reading, url));
      return true;
    }
    if (reading.hint !== 'other' || mcpScore(reading.exchange) < MCP_THRESHOLD) return false;
    const record = new ServerRecord(url);
    this.#servers.set(url, record);
    for (const known of there.items) if (canBeCall(known)) record.add(readCall(known, url));
    return true;
  }
}

/**
 * The server whose metadata an MCP client read: some clients sign in before their first call, and where the sign-in
 * fails there is none. Only an MCP client sends the version header, and only a protected resource has the document.
 */
function discoveredServer({ url, request, response }: Exchange): string | null {
  if (header(request.headers, 'mcp-protocol-version') === null) return null;
  if (response.status !== 200 || readProtectedResourceMetadata(response.body.text) === null) return null;
  return protectedResourceAt(url);
}

/** Whether a request to an MCP server's URL is a call: all that is not OAuth (rules.md B.1). */
function canBeCall({ hint }: Reading): boolean {
  return hint === 'other' || hint === 'model';
}

function isPage({ resourceType, method }: Exchange): boolean {
  return resourceType === 'document' || (resourceType === null && (method === 'GET' || method === 'POST'));
}

function ascending(one: number, other: number): number {
  return one - other;
}

function listOf<K, T>(lists: Map<K, Sorted<T>>, key: K, order: (one: T, other: T) => number): Sorted<T> {
  const known = lists.get(key);
  if (known) return known;
  const list = new Sorted<T>(order);
  lists.set(key, list);
  return list;
}
