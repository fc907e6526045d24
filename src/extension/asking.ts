import { asObject } from '../capture/har-json.ts';
import { isOrigin } from './settings.ts';
import { readPatterns } from './watch-state.ts';

/**
 * Firefox lets no page in DevTools ask for permissions: there the panel has the background open the inspector in a tab,
 * which asks for what the panel wanted, on a click.
 */
export interface Asked {
  /** Match patterns of the session's sites, to watch. */
  readonly watch: readonly string[];
  /** Origins of the session's pages, to look closer at. */
  readonly look: readonly string[];
}

export interface AskMessage {
  readonly kind: 'ask-in-tab';
  readonly asked: Asked;
}

/** Sites of a session that can be asked for at once. */
const most = 100;

/** Reads what a page of the extension wants to be asked for; null for anything of another shape. */
export function readAskMessage(data: unknown): Asked | null {
  const { kind, asked } = asObject(data);
  return kind === 'ask-in-tab' ? readAsked(asked) : null;
}

function readAsked(value: unknown): Asked {
  const { watch, look } = asObject(value);
  return {
    watch: Array.isArray(watch) ? readPatterns(watch).slice(0, most) : [],
    look: Array.isArray(look) ? look.filter(isOrigin).slice(0, most) : [],
  };
}

/** What the tab is to ask for, as the fragment of its address. */
export function askFragment(asked: Asked): string {
  return `#ask=${encodeURIComponent(JSON.stringify(asked))}`;
}

/** Reads the fragment; null where nothing is asked for. Never throws. */
export function readAskFragment(fragment: string): Asked | null {
  if (!fragment.startsWith('#ask=')) return null;
  try {
    return readAsked(JSON.parse(decodeURIComponent(fragment.slice(5))));
  } catch {
    return null;
  }
}
