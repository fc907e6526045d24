import { readScriptReports, type ScriptReport } from '../../capture/script-report.ts';
import type { MessageSender, RuntimeApi } from '../web-extension.ts';

/** Messages that are read in a second, at most: a page may forge as many as it likes. */
const mostMessages = 100;

/** Reads what bridges hand on, so many a second and no more. */
export function reportReader(
  deliver: (reports: readonly ScriptReport[]) => void,
  now: () => number = Date.now,
): (reports: unknown) => void {
  let second = 0;
  let read = 0;
  return (reports) => {
    const current = Math.floor(now() / 1_000);
    if (current !== second) read = 0;
    second = current;
    read += 1;
    if (read <= mostMessages) deliver(readScriptReports(reports));
  };
}

/**
 * Hands on what the observer in this tab's top frame reports. Messages of other tabs, frames and extensions are not
 * read. Chromium's DevTools pages hear content scripts themselves; in Firefox the background passes it on.
 */
export function watchObserver(runtime: RuntimeApi, tabId: number, read: (reports: unknown) => void): void {
  runtime.onMessage.addListener((message, sender) => {
    if (!isTopFrame(sender, runtime.id) || sender.tab?.id !== tabId) return;
    const reports = reportsIn(message);
    if (reports !== null) read(reports);
  });
}

/** The same for the background of Firefox, whatever the tab. */
export function relayObserver(runtime: RuntimeApi, pass: (tabId: number, reports: string) => void): void {
  runtime.onMessage.addListener((message, sender) => {
    const reports = reportsIn(message);
    const tabId = sender.tab?.id;
    if (reports !== null && tabId !== undefined && isTopFrame(sender, runtime.id)) pass(tabId, reports);
  });
}

function isTopFrame(sender: MessageSender, id: string | undefined): boolean {
  return sender.id === id && sender.frameId === 0;
}

function reportsIn(message: unknown): string | null {
  const { kind, reports } = (message ?? {}) as { readonly kind?: unknown; readonly reports?: unknown };
  return kind === 'observed' && typeof reports === 'string' ? reports : null;
}
