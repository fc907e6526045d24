import { EntryOutline } from '../exchange/entry-outline.ts';
import { OrdinaryExchanges } from '../exchange/ordinary.ts';
import type { OrdinaryExchange } from '../exchange/ordinary-exchange.ts';
import { carriersOf } from '../exchange/ordinary-search.ts';
import type { Story } from '../story/model.ts';
import { difference, Places, placesOf } from './places.ts';

/**
 * The exchanges of a session that grows that have nothing to do with authorization, as far as they show by
 * themselves: kept slim, and handed out again when the story turns out to concern them. Each is looked
 * at once for what was known when it came, and again only for what was learnt since.
 */
export class OrdinaryTraffic {
  readonly #all = new OrdinaryExchanges();
  readonly #exchanges: OrdinaryExchange[] = [];
  readonly #handedOut = new Set<OrdinaryExchange>();
  readonly #outline = new EntryOutline();
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(usualRoom);
  /** Places looked for among the first `#placed` exchanges. */
  #places = new Places(new Set(), new Set());
  #placed = 0;
  /** Secrets looked for among the first `#searched` exchanges. */
  readonly #secrets = new Set<string>();
  #searched = 0;

  /** Takes a HAR entry in; null when it can matter, and is to be kept whole. */
  take(entry: unknown, index: number): OrdinaryExchange | null {
    const length = this.#write(entry);
    if (length === 0 || this.#outline.read(this.#bytes, 0, length, this.#all.fields) !== length) return null;
    const ordinary = this.#all.take(this.#bytes, this.#outline, index);
    if (ordinary !== null) this.#exchanges.push(ordinary);
    if (this.#bytes.length > usualRoom) this.#bytes = new Uint8Array(usualRoom);
    return ordinary;
  }

  /** Never hands out an exchange in whose place another was taken. */
  forget(ordinary: OrdinaryExchange): void {
    this.#handedOut.add(ordinary);
  }

  /** Exchanges at a story's places that were not handed out before. */
  atPlacesOf(story: Story): OrdinaryExchange[] {
    if (this.#exchanges.length === 0) return [];
    const places = placesOf(story);
    const fresh = places.without(this.#places);
    const from = fresh.isEmpty ? [] : this.#exchanges.slice(0, this.#placed);
    const isKnown = (ordinary: OrdinaryExchange): boolean => this.#handedOut.has(ordinary);
    const found = [
      ...(from.length === 0 ? [] : fresh.among(this.#all, from, isKnown)),
      ...(this.#placed < this.#exchanges.length
        ? places.among(this.#all, this.#exchanges.slice(this.#placed), isKnown)
        : []),
    ];
    this.#places = places;
    this.#placed = this.#exchanges.length;
    return this.#handOut(found);
  }

  /** Exchanges whose request carries one of the secrets that were asked for, now or before. */
  carriersOf(secrets: ReadonlySet<string>): OrdinaryExchange[] {
    if (this.#exchanges.length === 0) return [];
    const fresh = difference(secrets, this.#secrets);
    for (const secret of fresh) this.#secrets.add(secret);
    const before = fresh.size === 0 ? [] : this.#exchanges.slice(0, this.#searched);
    const since = this.#exchanges.slice(this.#searched);
    this.#searched = this.#exchanges.length;
    return this.#handOut([
      ...(before.length === 0 ? [] : carriersOf(fresh, this.#all, before)),
      ...(since.length === 0 ? [] : carriersOf(this.#secrets, this.#all, since)),
    ]);
  }

  #handOut(exchanges: readonly OrdinaryExchange[]): OrdinaryExchange[] {
    const fresh = exchanges.filter((ordinary) => !this.#handedOut.has(ordinary));
    for (const ordinary of fresh) this.#handedOut.add(ordinary);
    return fresh;
  }

  /** Writes an entry as JSON text; its length in bytes, 0 where it has none. */
  #write(entry: unknown): number {
    let json: string | undefined;
    try {
      json = JSON.stringify(entry);
    } catch {
      return 0;
    }
    if (json === undefined || json.length > largestEntry) return 0;
    // A UTF-16 unit takes three bytes at most.
    if (json.length * 3 > this.#bytes.length) this.#bytes = new Uint8Array(json.length * 3);
    return this.#encoder.encodeInto(json, this.#bytes).written;
  }
}

const usualRoom = 1 << 20;
/** Longer entries are not looked through, UTF-16 units. */
const largestEntry = 1 << 26;
