import { glimpsed } from './glimpse.ts';
import { asObject, type Json, textOf } from './har-json.ts';
import { isProtocolBody, type Relevance, relevanceOf } from './relevance.ts';
import { UnderWay } from './under-way.ts';
import { type Details, type Hop, isTellable, type Stage, type WireRecord } from './webrequest.ts';

/** How much is kept at most: of one tab, and of all. */
export interface BookLimits {
  readonly records: number;
  /** UTF-16 code units of a tab's records as JSON. */
  readonly size: number;
  readonly allSize: number;
}

/** What storage holds stays below its 10 MB with the 8 MB of kept sessions. */
export const usualLimits: BookLimits = { records: 400, size: 1_000_000, allSize: 1_700_000 };

/** A record as a session sees it: from one of its own documents, or from a window that they opened. */
export interface Told {
  readonly id: string;
  readonly tab: number;
  readonly entry: Json;
}

interface Kept {
  readonly hop: Hop;
  readonly relevance: Relevance;
  readonly size: number;
}

/** Changes to be written down, so that a background that is ended and begun again goes on where it was. */
export interface Changes {
  readonly set: { readonly [key: string]: unknown };
  readonly remove: readonly string[];
}

const prefix = 'wire/';
const stateKey = 'wire';
/** Tabs whose opener is remembered, and origins of a tab, at most: the latest. */
const mostTabs = 300;
const mostOrigins = 8;

/**
 * What webRequest has seen: requests in the making, and of those that matter a bounded ring for each tab; which
 * tab opened which, and which origins a tab shows, so that a popup's and a worker's requests find their session.
 */
export class WireBook {
  readonly #limits: BookLimits;
  readonly #underWay = new UnderWay();
  /** By record id, the oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #openers = new Map<number, number>();
  readonly #origins = new Map<number, string[]>();
  readonly #private = new Set<number>();
  /** Tabs that are known to be no private window's. */
  readonly #ordinary = new Set<number>();
  /** How much is kept of each tab. */
  readonly #held = new Map<number, { records: number; size: number }>();
  #allSize = 0;
  #dropped = 0;
  #set = new Map<string, unknown>();
  #remove = new Set<string>();

  constructor(limits: BookLimits = usualLimits) {
    this.#limits = limits;
  }

  /** Records that were dropped for want of room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether workers' requests that matter are among what is kept. */
  get holdsWorkers(): boolean {
    return [...this.#kept.values()].some(({ hop }) => hop.tab < 0);
  }

  /** Follows one event; the record when it matters and has something to show. */
  take(stage: Stage, details: Details): WireRecord | null {
    const hop = this.#underWay.take(stage, details);
    if (hop === null) return null;
    if (stage === 'before') this.#noteOrigin(details);
    if (isPhantom(hop)) {
      this.#underWay.forget(details);
      return null;
    }
    const popup = this.#openers.has(hop.tab);
    const relevance = relevanceOf(popup ? { ...hop.entry, _context: 'popup' } : hop.entry);
    if (relevance === 'none') return null;
    const slim = withoutForm(hop);
    this.#keep(slim, relevance);
    return isTellable(slim) ? slim : null;
  }

  /** Takes in that an answer began, where nothing else of its request was looked at. */
  glimpse(details: Details): WireRecord | null {
    const hop = this.#underWay.knows(details) ? null : glimpsed(details);
    if (hop === null) return null;
    this.#underWay.restore(hop);
    this.#keep(hop, relevanceOf(hop.entry));
    return hop;
  }

  /** Whether a request of a tab has not ended. */
  isUnderWay(tab: number): boolean {
    return this.#underWay.has((hop) => hop.tab === tab && !hop.ended);
  }

  /** A tab was opened by another's page. */
  opened(tab: number, opener: number): void {
    if (tab === opener || this.#familyOf(opener).includes(tab)) return;
    this.#openers.set(tab, opener);
    const [oldest] = this.#openers.keys();
    if (this.#openers.size > mostTabs && oldest !== undefined) this.#openers.delete(oldest);
    // No window opens one of the other kind.
    if (this.#ordinary.has(opener)) this.markOrdinary(tab);
    this.#noteState();
  }

  /** A tab is gone: what was recorded for it goes too, but not what a window that it opened or was opened by shows. */
  closed(tab: number): void {
    this.#origins.delete(tab);
    this.#private.delete(tab);
    this.#ordinary.delete(tab);
    if (!this.#openers.has(tab)) this.forget(tab);
    this.#noteState();
  }

  /** A private window's tab: nothing of it is written down. */
  markPrivate(tab: number): void {
    this.#private.add(tab);
    this.#ordinary.delete(tab);
    for (const { hop } of this.#kept.values()) {
      if (hop.tab !== tab) continue;
      this.#set.delete(prefix + hop.id);
      this.#remove.add(prefix + hop.id);
    }
  }

  /** Whether a tab's window is known to be private, or not. */
  isMet(tab: number): boolean {
    return this.#ordinary.has(tab) || this.#private.has(tab);
  }

  /** A tab that is no private window's. */
  markOrdinary(tab: number): void {
    if (this.#ordinary.has(tab)) return;
    this.#ordinary.add(tab);
    const [oldest] = this.#ordinary;
    if (this.#ordinary.size > mostTabs && oldest !== undefined) this.#ordinary.delete(oldest);
    this.#private.delete(tab);
    for (const { hop } of this.#kept.values()) {
      if (hop.tab !== tab) continue;
      this.#set.set(prefix + hop.id, hop);
      this.#remove.delete(prefix + hop.id);
    }
    this.#noteState();
  }

  /** A document that was there before anything was watched. */
  shows(tab: number, address: string): void {
    this.#addOrigin(tab, address);
  }

  /** Whether a record belongs to the session of a tab: its own, its popups' (and theirs), its workers'. */
  concerns({ tab, initiator }: Pick<WireRecord, 'tab' | 'initiator'>, viewer: number): boolean {
    if (tab < 0) return initiator !== '' && (this.#origins.get(viewer) ?? []).includes(initiator);
    return this.#familyOf(tab).includes(viewer);
  }

  /** Everything kept that belongs to the session of a tab, the oldest first. */
  of(viewer: number): Told[] {
    return [...this.#kept.values()].flatMap(({ hop }) =>
      isTellable(hop) && this.concerns(hop, viewer) ? [told(hop, viewer)] : [],
    );
  }

  /** Drops what is kept for a session: the user cleared it. */
  forget(viewer: number): void {
    for (const [id, { hop }] of this.#kept) if (hop.tab >= 0 && this.concerns(hop, viewer)) this.#drop(id);
  }

  /** Takes in what an earlier background wrote down. */
  restore(stored: { readonly [key: string]: unknown }): void {
    const { openers, origins, ordinary, dropped } = asObject(stored[stateKey]);
    if (Array.isArray(ordinary))
      for (const tab of ordinary.slice(-mostTabs)) if (Number.isInteger(tab)) this.#ordinary.add(tab);
    for (const [tab, opener] of pairsOf(openers)) if (typeof opener === 'number') this.#openers.set(tab, opener);
    for (const [tab, list] of pairsOf(origins))
      if (Array.isArray(list))
        this.#origins.set(tab, list.filter((one) => typeof one === 'string').slice(0, mostOrigins));
    if (typeof dropped === 'number') this.#dropped += dropped;
    const hops = Object.entries(stored).flatMap(([key, value]) =>
      key.startsWith(prefix) ? (readHop(value) ?? []) : [],
    );
    hops.sort((one, other) => Number(one.entry._sent) - Number(other.entry._sent));
    for (const hop of hops) {
      this.#keep(hop, relevanceOf(hop.entry) === 'auth' ? 'auth' : 'mcp', false);
      this.#underWay.restore(hop);
    }
  }

  /** What is to be written down since the last time this was asked; null when nothing is. */
  changes(): Changes | null {
    if (this.#set.size === 0 && this.#remove.size === 0) return null;
    const changes = { set: Object.fromEntries(this.#set), remove: [...this.#remove] };
    this.#set = new Map();
    this.#remove = new Set();
    return changes;
  }

  #keep(hop: Hop, relevance: Relevance, write = true): void {
    const size = JSON.stringify(hop).length;
    this.#count(this.#kept.get(hop.id), -1);
    this.#kept.set(hop.id, { hop, relevance, size });
    this.#count({ hop, size }, 1);
    if (write && this.#mayWrite(hop)) {
      this.#set.set(prefix + hop.id, hop);
      this.#remove.delete(prefix + hop.id);
    }
    const { records, size: most, allSize } = this.#limits;
    const own = this.#held.get(hop.tab);
    if (own !== undefined && (own.records > records || own.size > most))
      this.#shrink((kept) => kept.hop.tab === hop.tab, lower(records), lower(most));
    if (this.#allSize > allSize) this.#shrink(() => true, Number.POSITIVE_INFINITY, lower(allSize));
  }

  #count(kept: Pick<Kept, 'hop' | 'size'> | undefined, sign: 1 | -1): void {
    if (kept === undefined) return;
    const own = this.#held.get(kept.hop.tab) ?? { records: 0, size: 0 };
    own.records += sign;
    own.size += sign * kept.size;
    this.#allSize += sign * kept.size;
    if (own.records === 0) this.#held.delete(kept.hop.tab);
    else this.#held.set(kept.hop.tab, own);
  }

  /** Nothing of a private window, nor of a worker that may be one's. */
  #mayWrite({ incognito, tab, initiator }: Hop): boolean {
    if (incognito || this.#private.has(tab)) return false;
    return tab >= 0 || ![...this.#private].some((one) => this.#origins.get(one)?.includes(initiator));
  }

  /** The first to go is the oldest call, and an authorization's own exchange only when no call is left. */
  #shrink(isOf: (kept: Kept) => boolean, most: number, room: number): void {
    const mine = [...this.#kept.values()].filter(isOf);
    let count = mine.length;
    let size = mine.reduce((sum, kept) => sum + kept.size, 0);
    const order = [
      ...mine.filter(({ relevance }) => relevance !== 'auth'),
      ...mine.filter(({ relevance }) => relevance === 'auth'),
    ];
    for (const kept of order) {
      if (count <= most && size <= room) return;
      this.#drop(kept.hop.id);
      this.#dropped += 1;
      this.#noteState();
      count -= 1;
      size -= kept.size;
    }
  }

  #drop(id: string): void {
    this.#count(this.#kept.get(id), -1);
    this.#kept.delete(id);
    this.#set.delete(prefix + id);
    this.#remove.add(prefix + id);
  }

  #noteOrigin({ type, tabId, url }: Details): void {
    if ((type === 'main_frame' || type === 'sub_frame') && tabId >= 0) this.#addOrigin(tabId, url);
  }

  #addOrigin(tab: number, url: string): void {
    if (!URL.canParse(url)) return;
    const { origin } = new URL(url);
    const known = this.#origins.get(tab) ?? [];
    if (known.at(-1) === origin) return;
    this.#origins.set(tab, [...known.filter((one) => one !== origin), origin].slice(-mostOrigins));
    this.#noteState();
  }

  /** A tab, its opener, that one's opener. */
  #familyOf(tab: number): number[] {
    const family = [tab];
    for (
      let next = this.#openers.get(tab);
      next !== undefined && !family.includes(next);
      next = this.#openers.get(next)
    )
      family.push(next);
    return family;
  }

  #noteState(): void {
    const open = (tab: number): boolean => !this.#private.has(tab);
    this.#set.set(stateKey, {
      openers: Object.fromEntries([...this.#openers].filter(([tab]) => open(tab))),
      origins: Object.fromEntries([...this.#origins].filter(([tab]) => open(tab))),
      ordinary: [...this.#ordinary],
      dropped: this.#dropped,
    });
  }
}

/** A full ring makes more room than it needs, so that a storm does not look it through at every request. */
const lower = (limit: number): number => limit - Math.floor(limit / 10);

/** The record as a session shows it. */
export function told({ id, tab, entry }: WireRecord, viewer: number): Told {
  return { id, tab, entry: tab >= 0 && tab !== viewer ? { ...entry, _context: 'popup' } : entry };
}

/** Opening DevTools makes Chromium fetch the document once more, as `other`: no client's request. */
function isPhantom({ entry }: Hop): boolean {
  return entry._resourceType === 'other' && asObject(entry.request).method === 'GET';
}

/** What a user typed into a sign-in page is nobody's business here. */
function withoutForm(hop: Hop): Hop {
  const request = asObject(hop.entry.request);
  if (hop.entry._resourceType !== 'document' || request.postData === undefined) return hop;
  if (isProtocolBody(textOf(asObject(request.postData).text))) return hop;
  const { postData: _, ...rest } = request;
  return { ...hop, entry: { ...hop.entry, request: rest } };
}

function pairsOf(value: unknown): [number, unknown][] {
  return Object.entries(asObject(value)).flatMap(([key, item]) =>
    Number.isInteger(Number(key)) ? [[Number(key), item]] : [],
  );
}

function readHop(value: unknown): Hop | null {
  const { id, tab, initiator, ended, again, redirected, entry } = asObject(value);
  if (typeof id !== 'string' || typeof tab !== 'number' || typeof initiator !== 'string') return null;
  return {
    id,
    tab,
    initiator,
    incognito: false,
    ended: ended === true,
    again: again === true,
    redirected: redirected === true,
    entry: asObject(entry),
  };
}
