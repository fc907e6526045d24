import { asObject } from '../capture/har-json.ts';

/** What the background knows of how far it sees a tab's session; it alone has the interfaces in both browsers. */
export interface WatchState {
  /** Match patterns of the sites that `webRequest` is permitted to see; null where it is not permitted at all. */
  readonly watched: readonly string[] | null;
  /** A private window: nothing of it may outlive DevTools. Null while that is not known. */
  readonly privateWindow: boolean | null;
  /** False: permitted, and the browser has no `webRequest` all the same. */
  readonly offered: boolean;
}

export const unknownState: WatchState = { watched: null, privateWindow: null, offered: true };

/** What is asked for to watch every site. */
export const allSites: readonly string[] = ['http://*/*', 'https://*/*'];

/** Patterns at most, and UTF-16 code units of one. */
const most = { patterns: 1_000, length: 500 } as const;

/** Reads a state leniently; what has another shape is unknown. */
export function readWatchState(value: unknown): WatchState {
  const { watched, privateWindow, offered } = asObject(value);
  return {
    watched: Array.isArray(watched) ? readPatterns(watched) : null,
    privateWindow: typeof privateWindow === 'boolean' ? privateWindow : null,
    offered: offered !== false,
  };
}

/** Match patterns of sites; whatever else is in the list is left out. */
export function readPatterns(list: readonly unknown[]): readonly string[] {
  const patterns = list.filter((one): one is string => typeof one === 'string' && one.length <= most.length);
  return patterns.filter((one) => /^(https?|\*):\/\/[^/\s]+\/\*$/.test(one)).slice(0, most.patterns);
}

/** Whether every site is among the patterns. */
export function coversAll(patterns: readonly string[]): boolean {
  return (
    patterns.includes('<all_urls>') || patterns.includes('*://*/*') || allSites.every((one) => patterns.includes(one))
  );
}
