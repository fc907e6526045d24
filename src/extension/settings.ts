import type { Suppression } from '../report/suppressions.ts';

/**
 * What the user set once, for every session: kept by the browser, read anew by each page of the extension.
 * A new setting is a field here, its default, and a lenient reader.
 */
export interface Settings {
  /** Of this shape; a later one reads an earlier one's fields. */
  readonly version: 1;
  readonly suppressions: readonly Suppression[];
}

export const defaultSettings: Settings = { version: 1, suppressions: [] };

/** The name under which settings are kept. */
export const settingsKey = 'settings';

/** Suppressions kept at most. */
const mostSuppressions = 1_000;
/** UTF-16 code units of a rule's id or an origin, at most. */
const longest = 2_000;

/** Reads stored settings; whatever cannot be read has its default. Never throws. */
export function readSettings(stored: unknown): Settings {
  if (typeof stored !== 'object' || stored === null) return defaultSettings;
  const { suppressions } = stored as { readonly suppressions?: unknown };
  return { version: 1, suppressions: readSuppressions(suppressions) };
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
