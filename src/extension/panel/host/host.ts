import type { Sight } from '../../../capture/blind-spots.ts';
import type { ScriptReport } from '../../../capture/script-report.ts';
import type { Asked } from '../../asking.ts';
import type { Settings } from '../../settings.ts';
import type { WatchState } from '../../watch-state.ts';
import type { PermissionsApi } from '../../web-extension.ts';
import type { FetchedKeys } from './fetch-keys.ts';

/**
 * What the panel needs from where it runs. Components know only this: the
 * DevTools panel, a tab and a test each bring their own.
 */
export interface Host {
  readonly theme: ThemeSource | null;
  /** Live traffic; null where there is only what files hold. */
  readonly live: LiveTraffic | null;
  /** Reloads the watched page; null where there is none. */
  readonly reload: (() => void) | null;
  readonly settings: SettingsStore;
  /** Fetches an issuer's keys from an address the user saw and chose; null where this place makes no requests. */
  readonly fetchKeys: ((address: string) => Promise<FetchedKeys>) | null;
  /** Shows the browser's own Network panel, filtered; null where there is none, or it lets no extension show it. */
  readonly showNetwork: ((filter: string) => void) | null;
  /** How far this place sees: what cannot be told from the traffic itself. */
  readonly blindSpots: SightSource;
  /** What the user permits on a click; null where the browser lets nobody ask. */
  readonly permissions: PermissionsApi | null;
  /** Asks in a tab of its own, where this place may not ask itself; null where it may, or nobody can. */
  readonly askInTab: ((asked: Asked) => void) | null;
  /** What a panel in DevTools wants this tab to ask for; null where nothing. */
  readonly asked: Asked | null;
}

/** What the user set once, for every session. */
export interface SettingsStore {
  readonly current: Settings;
  /** Takes effect at once, is kept for the next time and told to other pages. */
  write(settings: Settings): void;
  /** `listener` hears of every change, this page's own included. */
  onChange(listener: (settings: Settings) => void): void;
}

/** What capture knows of its own sight, now and as it changes (a permission granted, a buffer full). */
export interface SightSource {
  readonly current: Sight;
  onChange(listener: (sight: Sight) => void): void;
}

export type Theme = 'light' | 'dark';

export interface ThemeSource {
  readonly current: Theme;
  onChange(listener: (theme: Theme) => void): void;
}

export interface LiveTraffic {
  /** Begins to listen; what was recorded before is delivered first. */
  listen(listener: LiveListener): void;
  record(on: boolean): void;
  clear(): void;
}

/** What a recording lacks, and how far its recorder sees. */
export interface Lost {
  /** Exchanges that a full buffer dropped. */
  readonly dropped: number;
  /** The extension was updated or reloaded under the recorder: it records nothing any more. */
  readonly stale: boolean;
  readonly state: WatchState;
}

export interface LiveListener {
  /** A recording begins, or goes on (the same `session`) recording or paused. */
  begin(session: string, recording: boolean, since: number, bodiless: number, lost: Lost): void;
  /** HAR entries in order of arrival. */
  entries(entries: readonly unknown[]): void;
  /** What the observer in the page saw: stands beside the entries, decides nothing. */
  observed(reports: readonly ScriptReport[]): void;
  /** The entry at an index of this session turned out to be this one. */
  replace(index: number, entry: unknown): void;
}
