import { readScriptReports, type ScriptReport } from '../../capture/script-report.ts';
import type { MessageSender, RuntimeApi } from '../web-extension.ts';

/** What one bridge hands on, unread, and of which frame of the tab it is: 0 is the top one. */
export interface Observed {
  readonly reports: string;
  readonly frame: number;
}

/** Whether the observer was chosen for frames of an origin. */
export type IsFramed = (origin: string) => boolean;

/** Messages that are read in a second, at most: a page may forge as many as it likes. */
const mostMessages = 100;

/** Reads what bridges hand on, so many a second and no more. */
export function reportReader(
  deliver: (reports: readonly ScriptReport[]) => void,
  now: () => number = Date.now,
): (observed: Observed) => void {
  let second = 0;
  let read = 0;
  return ({ reports, frame }) => {
    const current = Math.floor(now() / 1_000);
    if (current !== second) read = 0;
    second = current;
    read += 1;
    if (read <= mostMessages) deliver(readScriptReports(reports).flatMap((report) => numbered(report, frame)));
  };
}

/** Each frame counts its own requests. */
const mostNumbers = 2 ** 32;
const mostFrames = 2 ** 20;

function numbered(report: ScriptReport, frame: number): readonly ScriptReport[] {
  return report.id < mostNumbers ? [{ ...report, id: (frame % mostFrames) * mostNumbers + report.id }] : [];
}

/**
 * Hands on what the observer in this tab's top frame reports, and in frames where that was chosen. Messages of other
 * tabs, frames and extensions are not read. Chromium's DevTools pages hear content scripts themselves; in Firefox the
 * background passes it on.
 */
export function watchObserver(
  runtime: RuntimeApi,
  tabId: number,
  isFramed: IsFramed,
  read: (observed: Observed) => void,
): void {
  runtime.onMessage.addListener((message, sender) => {
    if (sender.tab?.id !== tabId) return;
    const observed = observedIn(message, sender, runtime.id, isFramed);
    if (observed !== null) read(observed);
  });
}

/** The same for the background of Firefox, whatever the tab. */
export function relayObserver(
  runtime: RuntimeApi,
  isFramed: IsFramed,
  pass: (tabId: number, observed: Observed) => void,
): void {
  runtime.onMessage.addListener((message, sender) => {
    const tabId = sender.tab?.id;
    const observed = observedIn(message, sender, runtime.id, isFramed);
    if (observed !== null && tabId !== undefined) pass(tabId, observed);
  });
}

/** What came by the background's channel; null for anything of another shape. */
export function readObserved(data: unknown): Observed | null {
  const { reports, frame } = (data ?? {}) as { readonly reports?: unknown; readonly frame?: unknown };
  return typeof reports === 'string' && Number.isSafeInteger(frame) && Number(frame) >= 0
    ? { reports, frame: Number(frame) }
    : null;
}

function observedIn(
  message: unknown,
  { id, frameId, url }: MessageSender,
  ours: string | undefined,
  isFramed: IsFramed,
): Observed | null {
  const { kind, reports } = (message ?? {}) as { readonly kind?: unknown; readonly reports?: unknown };
  if (id !== ours || frameId === undefined || kind !== 'observed') return null;
  if (frameId !== 0 && !(url !== undefined && URL.canParse(url) && isFramed(new URL(url).origin))) return null;
  return readObserved({ reports, frame: frameId });
}
