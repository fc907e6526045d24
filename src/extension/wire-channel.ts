import { asObject } from '../capture/har-json.ts';
import type { Told } from '../capture/wire-book.ts';
import { readWatchState, type WatchState } from './watch-state.ts';

/** What the background, which watches `webRequest`, and the DevTools page of a tab say to each other over a port. */
export interface WireMessage {
  readonly kind: 'wire';
  readonly records: readonly Told[];
  /** Records that the background had no room for. */
  readonly dropped: number;
  readonly state: WatchState;
}

/** What the DevTools page says: the session was cleared; it listens to its tab itself. */
export interface WirePageMessage {
  readonly kind: 'forget' | 'listening';
}

/** Records in one message, and UTF-16 code units of one record as JSON, at most. */
export const largestWireBatch = 100;
const largestRecord = 2_500_000;

export function wirePortName(tabId: number): string {
  return `wire/${tabId}`;
}

/** The tab of a port's name; null for another's. */
export function tabOfPort(name: string): number | null {
  const number = name.startsWith('wire/') ? Number(name.slice(5)) : Number.NaN;
  return Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** Reads a message of the background; null for anything of another shape. */
export function readWireMessage(data: unknown): WireMessage | null {
  const { kind, records, dropped, state } = asObject(data);
  if (kind !== 'wire' || typeof dropped !== 'number') return null;
  if (!Array.isArray(records) || records.length > largestWireBatch) return null;
  const read = records.flatMap((record): Told[] => {
    const { id, tab, entry } = asObject(record);
    if (typeof id !== 'string' || id.length > 100 || typeof tab !== 'number') return [];
    return JSON.stringify(entry ?? null).length > largestRecord ? [] : [{ id, tab, entry: asObject(entry) }];
  });
  return { kind: 'wire', records: read, dropped, state: readWatchState(state) };
}

/** Reads a message of a DevTools page; null for anything of another shape. */
export function readWirePageMessage(data: unknown): WirePageMessage | null {
  const { kind } = asObject(data);
  return kind === 'forget' || kind === 'listening' ? { kind } : null;
}
