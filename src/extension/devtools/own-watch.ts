import { asObject, fieldOf, type Json } from '../../capture/har-json.ts';
import type { Details, Stage, WireRecord } from '../../capture/webrequest.ts';
import { type Told, told, WireBook } from '../../capture/wire-book.ts';
import type { NavigationApi, WebExtension } from '../web-extension.ts';
import {
  allDocuments,
  callsOf,
  listenToRequests,
  popup,
  scriptsOnly,
  type Wanted,
  type WebRequestApi,
} from '../web-request.ts';
import { Answers } from './answers.ts';

/** What a window had under way when it closed is told to its end within this, milliseconds. */
const lingering = 2_000;

export interface OwnWatch {
  /** The network log brings one. */
  finished(): void;
  /** Takes in what the network log brought. */
  network(entry: Json): void;
  /** Takes in what the background saw. */
  wire(entry: Json): void;
}

/**
 * Watches `webRequest` from the DevTools page itself, where the browser lets it (Chromium does): unlike the background
 * it lives as long as DevTools is open, and what is lost while the browser ends and begins the background is seen
 * here. Both give a record the same id.
 *
 * The network log brings what the tab itself asks for, whole, once it has ended. Of that only the beginning of answers
 * is heard here (streams), so that a page costs little more than without: everything is heard of windows that it opens,
 * and as soon as there are signs of workers, whose requests the log shows in part or not at all, and of no filter's own.
 */
export function watchHere(
  { webRequest, webNavigation, permissions, tabs }: WebExtension,
  tab: number,
  take: (records: readonly Told[]) => void,
  listens: () => void,
): OwnWatch {
  const book = new WireBook();
  /** By tab, and of all: what is heard whole. */
  const heard = new Map<number | 'all', () => void>();
  let api: WebExtension['webRequest'];
  let answers: Answers | null = null;
  const tell = (record: WireRecord | null): undefined => {
    // Nothing is written down from here.
    book.changes();
    if (record !== null && book.concerns(record, tab)) take([told(record, tab)]);
  };
  const hear = (granted: WebRequestApi, wanted: Wanted): (() => void) =>
    listenToRequests(granted, (stage, details) => tell(book.take(stage, details)), wanted);
  const hearWhole = (of: number | 'all', wanted: Wanted): void => {
    if (api !== undefined && !heard.has(of)) heard.set(of, hear(api, { ...wanted, everyHeader: true }));
  };
  const leave = (gone: number): void => {
    heard.get(gone)?.();
    heard.delete(gone);
  };
  const hearAll = (): void => hearWhole('all', callsOf());
  const isOurWorker = (tabId: number, from: string): boolean =>
    tabId < 0 && URL.canParse(from) && book.concerns({ tab: tabId, initiator: new URL(from).origin }, tab);
  const listen = (granted: WebExtension['webRequest'], navigation: NavigationApi | undefined): void => {
    if (api !== undefined || granted === undefined) return;
    api = granted;
    hear(granted, allDocuments);
    const glance = (stage: Stage, details: Details): undefined => {
      if (isOurWorker(details.tabId, details.initiator ?? '')) hearAll();
      if (stage !== 'answered') return tell(book.take(stage, details));
      return details.tabId === tab || details.tabId < 0 ? tell(book.glimpse(details)) : undefined;
    };
    answers = new Answers(granted, glance);
    const notice: typeof glance = (_, { tabId, url }) => (isOurWorker(tabId, url) ? hearAll() : undefined) as undefined;
    listenToRequests(granted, notice, scriptsOnly);
    navigation?.onCreatedNavigationTarget.addListener(({ tabId, sourceTabId }) => {
      book.opened(tabId, sourceTabId);
      if (!book.concerns({ tab: tabId, initiator: '' }, tab)) return;
      hearWhole(tabId, popup(tabId));
      take(book.of(tab));
    });
    tabs?.onRemoved?.addListener((gone) => setTimeout(() => leave(gone), lingering));
    void tabs?.get?.(tab)?.then(({ url }) => {
      if (url !== undefined) book.shows(tab, url);
    });
    listens();
  };
  listen(webRequest, webNavigation);
  permissions?.onAdded?.addListener(() => {
    const granted = (globalThis as { readonly chrome?: WebExtension }).chrome;
    listen(granted?.webRequest, granted?.webNavigation);
  });
  return {
    finished: () => answers?.finished(),
    network(entry) {
      answers?.meet(entry);
      if (!heard.has('all') && showsWorker(entry)) hearWhole(tab, callsOf(tab));
    },
    wire: (entry) => answers?.meet(entry),
  };
}

/**
 * Whether the log's entry is a dedicated worker's: its script (Fetch Metadata), or a script's POST without the `Origin`
 * that it always carries (Fetch standard, "append a request Origin header"), which Chromium's log leaves out for workers.
 */
function showsWorker(entry: Json): boolean {
  const request = asObject(entry.request);
  if (fieldOf(request, 'sec-fetch-dest') === 'worker') return true;
  return entry._resourceType === 'fetch' && request.method === 'POST' && fieldOf(request, 'origin') === null;
}
