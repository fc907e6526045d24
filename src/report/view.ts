import { asFields } from './redaction/entry.ts';

/** How a person looked at a session when it was exported. */
export interface SessionView {
  /** What was searched for, in the panel's search language. */
  readonly search: string;
}

/** UTF-16 units of a search, at most. */
const longestSearch = 1000;

/** The view that an annotated HAR brings along (`log._mcpAuth.view`): text of a stranger; null when it has none. */
export function readView(log: unknown): SessionView | null {
  const search = asFields(asFields(asFields(log)?._mcpAuth)?.view)?.search;
  return typeof search === 'string' && search.trim() !== '' ? { search: search.slice(0, longestSearch) } : null;
}
