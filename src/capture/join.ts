import { asObject, type Json, textOf } from './har-json.ts';
import { contradict, contradictBodies, type Marks, marksOf } from './marks.ts';
import { laterOf, unionOf } from './union.ts';

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
  /** Of `wire`: the record's. */
  readonly id: string | null;
  readonly order: number;
  entry: Json;
  /** What tells its request from others; of the entry as it is now. */
  marks: Marks;
  /** Another number for each entry that it had: what was worked out of them is worked out once. */
  version: number;
  /** How far it is from those that it may be the same as, by their versions. */
  readonly near: WeakMap<Sight, { readonly own: number; readonly other: number; readonly distance: number }>;
  /** Its place in the log, once it has one. */
  index: number | null;
  /** For `network`: who else saw the same; for the others: the one they belong to. */
  readonly joined: { network: Sight | null; page: Sight | null; wire: Sight | null };
  /** Not to be told yet: the network log is expected to bring the same request with its body. */
  held: boolean;
  told: Json | null;
  /** The versions of which `told` is the union. */
  toldOf: string;
}

/** Two records of one request start within this, milliseconds: queues and clocks differ. */
const window = 2_000;
/** A worker passes a request on within this, and its answer ends no later than the page's but for clocks, milliseconds. */
const clocks = 50;
/** Records of one method and address that can still be joined; older ones stay as they are. */
const most = 64;
/** Methods and addresses whose records can still be joined, the latest; one that is open stays. */
const mostKeys = 4_000;

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
  #version = 0;

  constructor(log: JoinedLog) {
    this.#log = log;
  }

  /** An entry of DevTools' network log. */
  network(entry: Json): void {
    const side = entry._fetchedViaServiceWorker === true ? 'page' : 'network';
    this.#take(this.#sight(side, null, entry, false));
  }

  /** What webRequest saw of a request so far; `held` until `release`, where the network log is expected to bring it too. */
  wire(id: string, entry: Json, held: boolean): void {
    const known = this.#wires.get(id);
    if (known === undefined) {
      const sight = this.#sight('wire', id, entry, held);
      this.#wires.set(id, sight);
      this.#take(sight);
      return;
    }
    known.entry = laterOf(known.entry, entry);
    known.marks = marksOf(known.entry);
    known.version = this.#nextVersion();
    if (!held) known.held = false;
    this.#settle(keyOf(known.entry), known);
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

  #sight(side: Side, id: string | null, entry: Json, held: boolean): Sight {
    this.#order += 1;
    const joined = { network: null, page: null, wire: null };
    return {
      side,
      id,
      order: this.#order,
      entry,
      marks: marksOf(entry),
      version: this.#nextVersion(),
      near: new WeakMap(),
      index: null,
      joined,
      held,
      told: null,
      toldOf: '',
    };
  }

  #nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  #take(sight: Sight): void {
    const key = keyOf(sight.entry);
    const alike = this.#alike.get(key) ?? [];
    // Behind the others: what came last is forgotten last.
    this.#alike.delete(key);
    this.#alike.set(key, alike);
    alike.push(sight);
    if (alike.length > most) this.#forget(alike.splice(0, 1));
    this.#settle(key, sight);
    if (this.#alike.size > mostKeys) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const [oldest] = this.#alike;
    if (oldest === undefined) return;
    const [key, alike] = oldest;
    this.#alike.delete(key);
    if (alike.some(({ entry, held }) => held || entry._pending === true)) this.#alike.set(key, alike);
    else this.#forget(alike);
  }

  #forget(sights: readonly Sight[]): void {
    for (const { id, entry } of sights) if (id !== null && entry._pending !== true) this.#wires.delete(id);
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
    may: (host: Sight, guest: Sight) => number,
  ): void {
    const guests = alike.filter((sight) => sight.side === side);
    for (const guest of guests) if (guest.joined.network) unpair(guest, side);
    const pairs = guests.flatMap((guest) =>
      hosts.flatMap((host) => {
        const distance = distanceOf(host, guest, may);
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
    const of = `${sight.version} ${page?.version} ${wire?.version}`;
    if (sight.told !== null && sight.toldOf === of) return;
    sight.toldOf = of;
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

/** Worked out once for each pair of entries. */
function distanceOf(host: Sight, guest: Sight, may: (host: Sight, guest: Sight) => number): number {
  const known = guest.near.get(host);
  if (known?.own === guest.version && known.other === host.version) return known.distance;
  const distance = may(host, guest);
  guest.near.set(host, { own: guest.version, other: host.version, distance });
  return distance;
}

/** The records alone decide, never the order in which they came. */
function compare(one: Sight, other: Sight): number {
  const difference = one.marks.start - other.marks.start || one.marks.end - other.marks.end;
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
function isSame({ marks: host }: Sight, { marks: wire }: Sight): number {
  if (wire.glimpsed) return isGlimpse(host, wire);
  const start = Math.abs(host.start - wire.start);
  if (start > window || contradict(host, wire)) return -1;
  return start + (wire.open ? 0 : Math.min(window, Math.abs(host.end - wire.end)));
}

/** An answer begins when the log says, or, where that does not tell it, between the request's start and its end. */
function isGlimpse(host: Marks, wire: Marks): number {
  const distance = Math.abs(host.answer - wire.start);
  const within = wire.start >= host.start - clocks && wire.start <= host.end + clocks;
  return (within || distance <= window) && !contradict(host, wire) ? distance : -1;
}

/** A worker's side begins after the page's and ends before it (service-worker.ts joins a file's the same way). */
function isWorkersSide({ marks: worker }: Sight, { marks: page }: Sight): number {
  const start = worker.start - page.start;
  if (start < 0 || worker.end > page.end + clocks) return -1;
  return contradictBodies(worker, page) ? -1 : start;
}
