import { asObject, endOf, fieldOf, type Json, startOf, textOf } from './har-json.ts';
import { isTextBody, unionOf } from './union.ts';

/** Where joined exchanges go: `add` gives each its index, which it keeps. */
export interface JoinedLog {
  add(entry: Json): number;
  replace(index: number, entry: Json): void;
}

/**
 * Who saw a request: DevTools' network log (`network`; of a request through a service worker the worker's side),
 * the page's side of such a request (`page`), or webRequest (`wire`).
 */
type Side = 'network' | 'page' | 'wire';

interface Sight {
  readonly side: Side;
  readonly order: number;
  entry: Json;
  /** Its place in the log, once it has one. */
  index: number | null;
  /** For `network`: who else saw the same; for the others: the one they belong to. */
  readonly joined: { network: Sight | null; page: Sight | null; wire: Sight | null };
  /** Not to be told yet: the network log is expected to bring the same request with its body. */
  held: boolean;
  told: Json | null;
}

/** Two records of one request start within this, milliseconds: queues and clocks differ. */
const window = 2_000;
/** A worker passes a request on within this, and its answer ends no later than the page's but for clocks, milliseconds. */
const clocks = 50;
/** Records of one method and address that can still be joined; older ones stay as they are. */
const most = 64;

/**
 * Joins what several tiers saw of the same requests: one exchange each, with the union of what was seen. What belongs
 * together follows from the records alone, not from the order in which they come: contradictory records never
 * meet, and of those that may, the nearest in time do.
 */
export class Joiner {
  readonly #log: JoinedLog;
  readonly #alike = new Map<string, Sight[]>();
  readonly #wires = new Map<string, Sight>();
  #order = 0;

  constructor(log: JoinedLog) {
    this.#log = log;
  }

  /** An entry of DevTools' network log. */
  network(entry: Json): void {
    const side = entry._fetchedViaServiceWorker === true ? 'page' : 'network';
    this.#take(this.#sight(side, entry, false));
  }

  /** What webRequest saw of a request so far; `held` until `release`, where the network log is expected to bring it too. */
  wire(id: string, entry: Json, held: boolean): void {
    const known = this.#wires.get(id);
    if (known === undefined) {
      const sight = this.#sight('wire', entry, held);
      this.#wires.set(id, sight);
      this.#take(sight);
      return;
    }
    known.entry = entry;
    if (!held) known.held = false;
    this.#settle(keyOf(entry), known);
  }

  /** Tells what was held, whoever else saw it or not. */
  release(id: string): void {
    const sight = this.#wires.get(id);
    if (!sight?.held) return;
    sight.held = false;
    this.#tell(sight.joined.network ?? sight);
  }

  clear(): void {
    this.#alike.clear();
    this.#wires.clear();
  }

  #sight(side: Side, entry: Json, held: boolean): Sight {
    this.#order += 1;
    const joined = { network: null, page: null, wire: null };
    return { side, order: this.#order, entry, index: null, joined, held, told: null };
  }

  #take(sight: Sight): void {
    const key = keyOf(sight.entry);
    const alike = this.#alike.get(key) ?? [];
    this.#alike.set(key, alike);
    alike.push(sight);
    if (alike.length > most) alike.shift();
    this.#settle(key, sight);
  }

  /** Joins the records of one method and address anew, and tells what that changed. */
  #settle(key: string, fresh: Sight): void {
    const alike = this.#alike.get(key) ?? [];
    if (alike.length > 1 && alike.some(({ side }) => side !== 'network')) {
      const networks = alike.filter(({ side }) => side === 'network');
      this.#pair('page', alike, networks, isWorkersSide);
      const free = alike.filter(({ side, joined }) => side === 'page' && joined.network === null);
      this.#pair('wire', alike, [...networks, ...free], isSame);
    }
    for (const sight of new Set([...alike, fresh])) if (this.#host(sight) === sight) this.#tell(sight);
    for (const sight of alike) if (this.#host(sight) !== sight) this.#hide(sight);
  }

  #host(sight: Sight): Sight {
    const host = sight.side === 'network' ? null : sight.joined.network;
    return host === null ? sight : this.#host(host);
  }

  #pair(
    side: 'page' | 'wire',
    alike: readonly Sight[],
    hosts: readonly Sight[],
    may: (a: Sight, b: Sight) => number,
  ): void {
    const guests = alike.filter((sight) => sight.side === side);
    for (const guest of guests) if (guest.joined.network) unpair(guest, side);
    const pairs = guests.flatMap((guest) =>
      hosts.flatMap((host) => {
        const distance = may(host, guest);
        return distance < 0 ? [] : [{ guest, host, distance }];
      }),
    );
    pairs.sort(
      (one, other) => one.distance - other.distance || compare(one.guest, other.guest) || compare(one.host, other.host),
    );
    for (const { guest, host } of pairs) {
      if (guest.joined.network !== null || host.joined[side] !== null) continue;
      guest.joined.network = host;
      host.joined[side] = guest;
    }
  }

  #tell(sight: Sight): void {
    const { page, wire } = sight.joined;
    if (sight.held) return;
    // One that was told alone before gives up its place, rather than that there be two.
    for (const guest of [wire, page]) {
      if (guest?.index != null && sight.index === null) {
        sight.index = guest.index;
        guest.index = null;
        guest.told = null;
      }
    }
    const entry = unionOf(sight.entry, page?.entry ?? null, wire?.entry ?? null, sight.side === 'wire');
    if (sight.told !== null && JSON.stringify(sight.told) === JSON.stringify(entry)) return;
    sight.told = entry;
    if (sight.index === null) sight.index = this.#log.add(entry);
    else this.#log.replace(sight.index, entry);
  }

  /** Both had a place already: the second record stands there marked as such, outside the story. */
  #hide(sight: Sight): void {
    if (sight.index === null || sight.told?._twin === true) return;
    sight.told = { ...sight.entry, _twin: true };
    this.#log.replace(sight.index, sight.told);
  }
}

function unpair(guest: Sight, side: 'page' | 'wire'): void {
  const host = guest.joined.network;
  if (host !== null) host.joined[side] = null;
  guest.joined.network = null;
}

/** The records alone decide, never the order in which they came. */
function compare(one: Sight, other: Sight): number {
  const difference = startOf(one.entry) - startOf(other.entry) || endOf(one.entry) - endOf(other.entry);
  if (difference !== 0) return difference;
  const [a, b] = [JSON.stringify(one.entry), JSON.stringify(other.entry)];
  return a < b ? -1 : a > b ? 1 : one.order - other.order;
}

/** Method and address without fragment: Chromium's network log leaves it out. */
function keyOf(entry: Json): string {
  const request = asObject(entry.request);
  const url = textOf(request.url);
  const hash = url.indexOf('#');
  return `${textOf(request.method).toUpperCase()} ${hash < 0 ? url : url.slice(0, hash)}`;
}

/** How far apart two records of perhaps the same request are, milliseconds; -1 when they cannot be the same. */
function isSame(host: Sight, wire: Sight): number {
  const start = Math.abs(startOf(host.entry) - startOf(wire.entry));
  if (start > window || contradict(host.entry, wire.entry)) return -1;
  const open = wire.entry._pending === true;
  return start + (open ? 0 : Math.min(window, Math.abs(endOf(host.entry) - endOf(wire.entry))));
}

/** A worker's side begins after the page's and ends before it (service-worker.ts joins a file's the same way). */
function isWorkersSide(worker: Sight, page: Sight): number {
  const start = startOf(worker.entry) - startOf(page.entry);
  if (start < 0 || endOf(worker.entry) > endOf(page.entry) + clocks) return -1;
  return contradictBodies(worker.entry, page.entry) ? -1 : start;
}

/** Unique values tell requests apart: what they carry (code, JSON-RPC id), their credential, their answer. */
function contradict(one: Json, other: Json): boolean {
  const [asked, asking] = [asObject(one.request), asObject(other.request)];
  for (const name of ['authorization', 'dpop', 'mcp-session-id', 'access-control-request-method']) {
    const [a, b] = [fieldOf(asked, name), fieldOf(asking, name)];
    if (a !== null && b !== null && a !== b) return true;
  }
  const [answered, answering] = [asObject(one.response), asObject(other.response)];
  if (answered.status && answering.status && answered.status !== answering.status) {
    // A revalidated answer is 304 on the wire and 200 in the log.
    if (answered.status !== 304 && answering.status !== 304) return true;
  }
  for (const name of ['etag', 'mcp-session-id', 'date']) {
    const [a, b] = [fieldOf(answered, name), fieldOf(answering, name)];
    if (a !== null && b !== null && a !== b) return true;
  }
  return contradictBodies(one, other);
}

function contradictBodies(one: Json, other: Json): boolean {
  const [a, b] = [one, other].map((entry) => asObject(asObject(entry.request).postData));
  if (a === undefined || b === undefined || !isTextBody(a) || !isTextBody(b)) return false;
  return a.text !== b.text && plainForm(a) !== plainForm(b);
}

/** A form by its fields: the browsers write the same form in more than one way. */
function plainForm({ mimeType, text }: Json): string {
  if (!textOf(mimeType).toLowerCase().startsWith('application/x-www-form-urlencoded')) return textOf(text);
  const form = new URLSearchParams(textOf(text));
  form.sort();
  return form.toString();
}
