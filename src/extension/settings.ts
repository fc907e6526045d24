import type { Suppression } from '../report/suppressions.ts';

/**
 * What the user set once, for every session: kept by the browser, read anew by each page of the extension.
 * A new setting is a field here, its default, and a lenient reader.
 */
export interface Settings {
  /** Of this shape; a later one reads an earlier one's fields. */
  readonly version: 1;
  readonly suppressions: readonly Suppression[];
  readonly split: Split;
  /** Origins on whose pages the observer runs. */
  readonly observedSites: readonly string[];
  /** Those of them on which it runs in frames too, whatever page embeds them. */
  readonly observedFrames: readonly string[];
  /** Longest body that is kept, UTF-16 code units: one of `bodyCaps`. */
  readonly longestBody: number;
}

/** What a body may be cut to. */
export const bodyCaps = [250_000, 1_000_000, 4_000_000, 16_000_000] as const;
const defaultBodyCap = 4_000_000;

/** The flow's share of the panes, 0 to 1: of their width where they stand side by side, of their height where one is above the other. */
export interface Split {
  readonly columns: number;
  readonly rows: number;
}

export const defaultSplit: Split = { columns: 0.52, rows: 0.46 };

export const defaultSettings: Settings = {
  version: 1,
  suppressions: [],
  split: defaultSplit,
  observedSites: [],
  observedFrames: [],
  longestBody: defaultBodyCap,
};

/** The name under which settings are kept. */
export const settingsKey = 'settings';

/** Suppressions kept at most. */
const mostSuppressions = 1_000;
/** UTF-16 code units of a rule's id or an origin, at most. */
const longest = 2_000;

/** Reads stored settings; whatever cannot be read has its default. Never throws. */
export function readSettings(stored: unknown): Settings {
  if (typeof stored !== 'object' || stored === null) return defaultSettings;
  const { suppressions, split, observedSites, observedFrames, longestBody } = stored as {
    readonly [name: string]: unknown;
  };
  const sites = readOrigins(observedSites);
  return {
    version: 1,
    suppressions: readSuppressions(suppressions),
    split: readSplit(split),
    observedSites: sites,
    observedFrames: readOrigins(observedFrames).filter((origin) => sites.includes(origin)),
    longestBody: bodyCaps.find((cap) => cap === longestBody) ?? defaultBodyCap,
  };
}

/** Sites observed at most. */
const mostSites = 100;

function readOrigins(stored: unknown): readonly string[] {
  if (!Array.isArray(stored)) return [];
  return [...new Set(stored.filter(isOrigin))].slice(0, mostSites);
}

/** Whether it is the origin of a web page, and nothing more. */
export function isOrigin(value: unknown): value is string {
  if (!isName(value) || !/^https?:/.test(value)) return false;
  try {
    return new URL(value).origin === value;
  } catch {
    return false;
  }
}

function readSplit(stored: unknown): Split {
  const { columns, rows } = (stored ?? {}) as { readonly columns?: unknown; readonly rows?: unknown };
  return { columns: readShare(columns) ?? defaultSplit.columns, rows: readShare(rows) ?? defaultSplit.rows };
}

/** Neither pane can be pushed out of sight. */
export const [leastShare, mostShare] = [0.2, 0.8] as const;

function readShare(stored: unknown): number | null {
  return typeof stored === 'number' && stored >= leastShare && stored <= mostShare ? stored : null;
}

function readSuppressions(stored: unknown): readonly Suppression[] {
  if (!Array.isArray(stored)) return [];
  const found = new Map<string, Suppression>();
  for (const item of stored.slice(0, mostSuppressions)) {
    const { rule, origin } = (item ?? {}) as { readonly rule?: unknown; readonly origin?: unknown };
    if (!isName(rule) || !(origin === null || isName(origin))) continue;
    found.set(JSON.stringify([rule, origin]), { rule, origin });
  }
  return [...found.values()];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest;
}
