import { asObject, type Json, textOf } from './har-json.ts';
import { relevanceOf } from './relevance.ts';

/**
 * What outlives DevTools, as long as the browser runs: of each tab's session the exchanges of authorizations whole,
 * those of MCP with bodies cut, all others not. When room is short the oldest session goes first.
 */

/** Longest body of an MCP exchange that is kept, UTF-16 code units. */
export const longestKeptBody = 8_192;
/** All that is kept, as JSON, UTF-16 code units. */
export const keptRoom = 8_000_000;

/** What is kept of one tab. */
export interface KeptSession {
  /** When its recording began, and when something was added last; milliseconds since the epoch. */
  readonly since: number;
  readonly at: number;
  /** Place in its log, size, and whether it is an authorization's own. */
  readonly entries: readonly KeptEntry[];
  /** Exchanges that had no room. */
  readonly dropped: number;
}

export interface KeptEntry {
  readonly place: number;
  readonly size: number;
  readonly auth: boolean;
}

/** By tab. */
export type KeptIndex = { readonly [tab: string]: KeptSession };

/** The entry as it is kept; null for what no rule needs. */
export function keptForm(entry: Json): { readonly entry: Json; readonly auth: boolean } | null {
  const relevance = relevanceOf(entry);
  if (relevance === 'none' || entry._twin === true) return null;
  if (relevance === 'auth') return { entry, auth: true };
  const request = asObject(entry.request);
  const response = asObject(entry.response);
  return {
    auth: false,
    entry: {
      ...entry,
      request: request.postData === undefined ? request : { ...request, postData: cut(asObject(request.postData)) },
      response: response.content === undefined ? response : { ...response, content: cut(asObject(response.content)) },
    },
  };
}

function cut(body: Json): Json {
  const text = textOf(body.text);
  if (text.length <= longestKeptBody) return body;
  return { ...body, text: text.slice(0, longestKeptBody), _truncated: true };
}

/** The index once these entries of a tab are kept, and what must go for it: whole tabs, or places of this one. */
export function keepEntries(
  index: KeptIndex,
  tab: string,
  session: { readonly since: number; readonly at: number },
  fresh: readonly KeptEntry[],
  room = keptRoom,
): { readonly index: KeptIndex; readonly gone: readonly { readonly tab: string; readonly place: number }[] } {
  const known = index[tab]?.since === session.since ? index[tab] : undefined;
  const entries = new Map((known?.entries ?? []).map((entry) => [entry.place, entry]));
  for (const entry of fresh) entries.set(entry.place, entry);
  const gone = (known === undefined ? (index[tab]?.entries ?? []) : [])
    .filter(({ place }) => !entries.has(place))
    .map(({ place }) => ({ tab, place }));
  const next: { [tab: string]: KeptSession } = {
    ...index,
    [tab]: { ...session, entries: [...entries.values()], dropped: known?.dropped ?? 0 },
  };
  const size = (): number => Object.values(next).reduce((sum, one) => sum + sizeOf(one), 0);
  let left = size();
  const others = Object.entries(next).filter(([name]) => name !== tab);
  others.sort(([, one], [, other]) => one.at - other.at);
  for (const [name, other] of others) {
    if (left <= room) break;
    for (const { place } of other.entries) gone.push({ tab: name, place });
    left -= sizeOf(other);
    delete next[name];
  }
  const mine = next[tab];
  if (left > room && mine !== undefined) {
    const stay = new Map(mine.entries.map((entry) => [entry.place, entry]));
    const byPlace = [...mine.entries].sort((one, other) => one.place - other.place);
    for (const entry of [...byPlace.filter(({ auth }) => !auth), ...byPlace.filter(({ auth }) => auth)]) {
      if (left <= room) break;
      stay.delete(entry.place);
      gone.push({ tab, place: entry.place });
      left -= entry.size;
    }
    next[tab] = { ...mine, entries: [...stay.values()], dropped: mine.dropped + mine.entries.length - stay.size };
  }
  return { index: next, gone };
}

function sizeOf({ entries }: KeptSession): number {
  return entries.reduce((sum, { size }) => sum + size, 0);
}

/** As JSON's text, for the browser copies a text many times faster than an object of the same size. */
export function storedForm(kept: KeptIndex | Json): string {
  return JSON.stringify(kept);
}

/** The object in a stored text; an empty one where there is none. */
export function readStored(stored: unknown): Json {
  try {
    return asObject(JSON.parse(textOf(stored)));
  } catch {
    return {};
  }
}

/** Reads an index from storage, leniently. */
export function readIndex(stored: unknown): KeptIndex {
  return Object.fromEntries(
    Object.entries(readStored(stored)).flatMap(([tab, value]) => {
      const { since, at, entries, dropped } = asObject(value);
      if (typeof since !== 'number' || typeof at !== 'number' || !Array.isArray(entries)) return [];
      const read = entries.flatMap((item): KeptEntry[] => {
        const { place, size, auth } = asObject(item);
        return typeof place === 'number' && typeof size === 'number' ? [{ place, size, auth: auth === true }] : [];
      });
      return [[tab, { since, at, entries: read, dropped: typeof dropped === 'number' ? dropped : 0 }]];
    }),
  );
}
