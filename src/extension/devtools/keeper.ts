import type { Json } from '../../capture/har-json.ts';
import { type KeptEntry, keepEntries, keptForm, readIndex, readStored, storedForm } from '../../capture/keeping.ts';
import { keptIndexKey, keptKey, type SessionArea } from '../session-area.ts';

/** One at a time among all DevTools windows of the extension: they share one index. */
export type Alone = <T>(deed: () => Promise<T>) => Promise<T>;

export const aloneByLock: Alone = (deed) => navigator.locks.request('kept', deed) as ReturnType<typeof deed>;

/** What was kept of a tab's session. */
export interface Kept {
  readonly since: number;
  readonly entries: readonly Json[];
  readonly dropped: number;
}

/** How long changes wait to be written together, at least and at most, milliseconds. */
const together = 150;
const longest = 1_000;
/** Writing takes one part in so many of the time, as far as the longest wait allows: the index of a long session is large. */
const share = 20;
const mostWaiting = 2_000;

/** Keeps what a later DevTools of the same tab shows again, in the browser's memory. */
export class Keeper {
  readonly #area: SessionArea;
  readonly #tab: number;
  readonly #alone: Alone;
  readonly #since: () => number;
  /** By place in the log: that of a session taken up again begins anew. */
  readonly #places = new Map<number, number>();
  #nextPlace = 0;
  readonly #waiting = new Map<number, Json>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #wait = together;
  /** Nothing is kept before it is known that the window is no private one. */
  #may: boolean | null = null;
  dropped = 0;

  constructor(area: SessionArea, tab: number, since: () => number, alone: Alone = aloneByLock) {
    this.#area = area;
    this.#tab = tab;
    this.#since = since;
    this.#alone = alone;
  }

  /** Whether anything of this tab may be kept. */
  permit(may: boolean): void {
    this.#may = may;
    if (!may) this.#waiting.clear();
    else this.#soon();
  }

  /** What was kept before; null when there is nothing. */
  async load(): Promise<Kept | null> {
    const index = readIndex((await this.#area.get(keptIndexKey))[keptIndexKey]);
    const session = index[String(this.#tab)];
    if (session === undefined) return null;
    const keys = session.entries.map(({ place }) => place).sort((one, other) => one - other);
    const names = keys.map((place) => keptKey(this.#tab, place));
    const stored = await this.#area.get(names);
    const found = keys.filter((_, at) => stored[names[at] ?? ''] !== undefined);
    for (const [at, place] of found.entries()) this.#places.set(at, place);
    this.#nextPlace = (keys.at(-1) ?? -1) + 1;
    const entries = found.map((place) => readStored(stored[keptKey(this.#tab, place)]));
    return { since: session.since, entries, dropped: session.dropped };
  }

  /** Keeps an entry, or what it turned out to be, by its index in the log. */
  put(at: number, entry: Json): void {
    if (this.#may === false) return;
    const place = this.#places.get(at) ?? this.#nextPlace++;
    this.#places.set(at, place);
    this.#waiting.set(place, entry);
    // A storm must not fill memory before it is known whether anything may be kept.
    const [oldest] = this.#waiting.keys();
    if (this.#may === null && this.#waiting.size > mostWaiting && oldest !== undefined) this.#waiting.delete(oldest);
    this.#soon();
  }

  /** Forgets the session: it was cleared. */
  async clear(): Promise<void> {
    this.#waiting.clear();
    this.#places.clear();
    this.dropped = 0;
    await this.#alone(async () => {
      const index = readIndex((await this.#area.get(keptIndexKey))[keptIndexKey]);
      const { [String(this.#tab)]: session, ...others } = index;
      await this.#area.set({ [keptIndexKey]: storedForm(others) });
      await this.#area.remove((session?.entries ?? []).map(({ place }) => keptKey(this.#tab, place)));
    });
  }

  #soon(): void {
    if (this.#may !== true || this.#timer !== null || this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => void this.#writeAndGoOn(), this.#wait);
  }

  async #writeAndGoOn(): Promise<void> {
    const began = performance.now();
    // Full, or refused: the recorder has it all the same, and what comes later may find room.
    await this.#write().catch(() => undefined);
    this.#wait = Math.min(longest, Math.max(together, (performance.now() - began) * share));
    this.#timer = null;
    this.#soon();
  }

  async #write(): Promise<void> {
    const items: { [key: string]: string } = {};
    const fresh: KeptEntry[] = [];
    for (const [place, entry] of this.#waiting) {
      const form = keptForm(entry);
      if (form === null) continue;
      const stored = storedForm(form.entry);
      items[keptKey(this.#tab, place)] = stored;
      // The browser counts a text with its quotes and escapes.
      fresh.push({ place, size: JSON.stringify(stored).length, auth: form.auth });
    }
    this.#waiting.clear();
    if (fresh.length === 0) return;
    await this.#alone(async () => {
      const before = readIndex((await this.#area.get(keptIndexKey))[keptIndexKey]);
      const session = { since: this.#since(), at: Date.now() };
      const { index, gone } = keepEntries(before, String(this.#tab), session, fresh);
      for (const { tab, place } of gone) if (tab === String(this.#tab)) delete items[keptKey(tab, place)];
      await this.#area.remove(gone.map(({ tab, place }) => keptKey(tab, place)));
      await this.#area.set({ ...items, [keptIndexKey]: storedForm(index) });
      this.dropped = index[String(this.#tab)]?.dropped ?? 0;
    });
  }
}
