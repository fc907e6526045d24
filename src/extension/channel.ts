import { checkScriptReports, type ScriptReport } from '../capture/script-report.ts';
import { readWatchState, type WatchState } from './watch-state.ts';

/**
 * What the DevTools page (which records) and the panel (which shows) say to
 * each other. Both are pages of this extension; a BroadcastChannel reaches no
 * other origin. Every message is checked against its shape all the same.
 */

/** From the recorder. A `session` is one recording; clearing begins another. */
export type RecorderMessage =
  | {
      readonly kind: 'begin';
      readonly session: string;
      readonly recording: boolean;
      /** Milliseconds since the epoch. */
      readonly since: number;
      /** Entries whose body was not kept, for want of memory. */
      readonly bodiless: number;
      /** Exchanges that a full buffer dropped. */
      readonly dropped: number;
      /** The extension was updated or reloaded under the recorder: it records nothing any more. */
      readonly stale: boolean;
      readonly state: WatchState;
    }
  /** HAR entries; `first` is the index of the first of them in the session. */
  | {
      readonly kind: 'entries';
      readonly session: string;
      readonly first: number;
      readonly entries: readonly unknown[];
    }
  /** What the observer in the page reported since the last of these. */
  | { readonly kind: 'observed'; readonly session: string; readonly reports: readonly ScriptReport[] }
  /** An entry sent before turned out to be this: an open answer that ended, or one of which more was seen. */
  | { readonly kind: 'replace'; readonly session: string; readonly index: number; readonly entry: unknown };

/** From the panel. */
export type PanelMessage =
  | { readonly kind: 'hello' }
  | { readonly kind: 'record'; readonly on: boolean }
  | { readonly kind: 'clear' };

/** Entries in one message, at most: a longer log is sent in several. */
export const largestBatch = 250;

export function channelName(tabId: number): string {
  return `mcp-auth-inspector/${tabId}`;
}

/** Where the background of Firefox passes on what the observer in a tab reports: texts, checked by who reads them. */
export function observerChannelName(tabId: number): string {
  return `mcp-auth-inspector/observer/${tabId}`;
}

/** Reads a message of the recorder; null for anything of another shape. */
export function readRecorderMessage(data: unknown): RecorderMessage | null {
  const message = fields(data);
  if (message === null || typeof message.session !== 'string' || message.session.length > 64) return null;
  const { session } = message;
  if (message.kind === 'begin') {
    const { recording, since, bodiless, dropped = 0, stale = false } = message;
    if (typeof recording !== 'boolean' || typeof since !== 'number' || typeof bodiless !== 'number') return null;
    if (typeof dropped !== 'number' || typeof stale !== 'boolean') return null;
    const state = readWatchState(message.state);
    return { kind: 'begin', session, recording, since, bodiless, dropped, stale, state };
  }
  if (message.kind === 'entries') {
    const { first, entries } = message;
    if (!Number.isSafeInteger(first) || Number(first) < 0) return null;
    if (!Array.isArray(entries) || entries.length > largestBatch) return null;
    return { kind: 'entries', session, first: Number(first), entries };
  }
  if (message.kind === 'observed') return { kind: 'observed', session, reports: checkScriptReports(message.reports) };
  if (message.kind === 'replace') {
    const { index, entry } = message;
    if (!Number.isSafeInteger(index) || Number(index) < 0 || entry === undefined) return null;
    return { kind: 'replace', session, index: Number(index), entry };
  }
  return null;
}

/** Reads a message of the panel; null for anything of another shape. */
export function readPanelMessage(data: unknown): PanelMessage | null {
  const message = fields(data);
  if (message === null) return null;
  if (message.kind === 'hello' || message.kind === 'clear') return { kind: message.kind };
  if (message.kind === 'record' && typeof message.on === 'boolean') return { kind: 'record', on: message.on };
  return null;
}

function fields(data: unknown): Record<string, unknown> | null {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : null;
}
