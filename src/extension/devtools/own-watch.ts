import { type Told, told, WireBook } from '../../capture/wire-book.ts';
import type { NavigationApi, WebExtension } from '../web-extension.ts';
import { allDocuments, callsOf, listenToRequests, type Wanted } from '../web-request.ts';

/**
 * Watches `webRequest` from the DevTools page itself, where the browser lets it (Chromium does): unlike the background
 * it lives as long as DevTools is open, and what is lost while the browser ends and begins the background is seen
 * here. Both give a record the same id. What scripts of the tab itself ask for is left out: the network log has it.
 */
export function watchHere(
  { webRequest, webNavigation, permissions, tabs }: WebExtension,
  tab: number,
  take: (records: readonly Told[]) => void,
): void {
  const book = new WireBook();
  let listening = false;
  const listen = (api: WebExtension['webRequest'], navigation: NavigationApi | undefined): void => {
    if (listening || api === undefined) return;
    listening = true;
    const hear = (wanted: Wanted): void =>
      listenToRequests(
        api,
        (stage, details) => {
          const record = book.take(stage, details);
          // Nothing is written down from here.
          book.changes();
          if (record !== null && book.concerns(record, tab)) take([told(record, tab)]);
          return undefined;
        },
        wanted,
      );
    hear(allDocuments);
    hear(callsOf(-1));
    navigation?.onCreatedNavigationTarget.addListener(({ tabId, sourceTabId }) => {
      book.opened(tabId, sourceTabId);
      if (book.concerns({ tab: tabId, initiator: '' }, tab)) hear(callsOf(tabId));
      if (book.concerns({ tab: tabId, initiator: '' }, tab)) take(book.of(tab));
    });
    void tabs?.get?.(tab)?.then(({ url }) => {
      if (url !== undefined) book.shows(tab, url);
    });
  };
  listen(webRequest, webNavigation);
  permissions?.onAdded?.addListener(() => {
    const granted = (globalThis as { readonly chrome?: WebExtension }).chrome;
    listen(granted?.webRequest, granted?.webNavigation);
  });
}
