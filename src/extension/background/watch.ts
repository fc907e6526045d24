import type { Browser, Runtime } from 'webextension-polyfill';
import { asObject } from '../../capture/har-json.ts';
import { readIndex, storedForm } from '../../capture/keeping.ts';
import type { Details, Stage, WireRecord } from '../../capture/webrequest.ts';
import { type Told, told, WireBook } from '../../capture/wire-book.ts';
import { keptIndexKey, keptKey, type SessionArea } from '../session-area.ts';
import { unknownState, type WatchState } from '../watch-state.ts';
import type { WebRequestApi } from '../web-request.ts';
import { largestWireBatch, readWirePageMessage, tabOfPort, type WireMessage } from '../wire-channel.ts';
import { Hearing } from './hearing.ts';

/** How long records gather before they are told together, milliseconds. */
const gathering = 30;
/** Writes under way at most; further changes wait, and go together. */
const mostWrites = 8;

/**
 * Tier 1: watches `webRequest` as far as the user permits it. Everything that must outlive this background (the browser
 * ends it at will) is written to `storage.session` as it happens; what happens while it reads that back waits.
 */
export function watch(browser: Browser): void {
  const book = new WireBook();
  const ports = new Map<Runtime.Port, number>();
  const area = browser.storage.session as unknown as SessionArea;
  let waiting: (() => void)[] | null = [];
  const do_ = (deed: () => void): void => {
    if (waiting === null) deed();
    else waiting.push(deed);
  };
  /** Firefox does not end a background whose listener has a promise open. */
  const whenRead = (): Promise<void> | undefined =>
    waiting === null ? undefined : new Promise((done) => do_(() => done()));

  let writing = 0;
  /** On their way at once, in their order, so that an end in this moment loses nothing; a storm is written in batches. */
  const write = async (): Promise<void> => {
    if (writing >= mostWrites) return;
    const changes = book.changes();
    if (changes === null) return;
    writing += 1;
    // Full, or refused: what is in memory is there all the same.
    const ignore = (): undefined => undefined;
    const removed = changes.remove.length > 0 ? [area.remove([...changes.remove]).catch(ignore)] : [];
    await Promise.all([area.set(changes.set).catch(ignore), ...removed]);
    writing -= 1;
    void write();
  };

  const tell = (port: Runtime.Port, records: readonly Told[]): void => {
    for (let at = 0; at === 0 || at < records.length; at += largestWireBatch) {
      const message: WireMessage = {
        kind: 'wire',
        records: records.slice(at, at + largestWireBatch),
        dropped: book.dropped,
        state: states.get(port) ?? unknownState,
      };
      port.postMessage(message);
    }
  };
  /** What waits to be told, the latest of each record: a storm is told in few messages. */
  const outbox = new Map<Runtime.Port, Map<string, Told>>();
  const send = (): void => {
    for (const [port, records] of outbox) if (ports.has(port)) tell(port, [...records.values()]);
    outbox.clear();
  };
  const tellAll = (record: WireRecord): void => {
    for (const [port, tab] of ports) {
      if (!book.concerns(record, tab)) continue;
      if (outbox.size === 0) setTimeout(send, gathering);
      const waiting = outbox.get(port) ?? new Map<string, Told>();
      outbox.set(port, waiting.set(record.id, told(record, tab)));
    }
  };

  const states = new Map<Runtime.Port, WatchState>();
  /** What cannot be told from the traffic: how far this one sees, and whether anything may be kept. */
  const look = async (port: Runtime.Port, tab: number): Promise<void> => {
    const [granted, shown] = await Promise.all([
      browser.permissions.getAll().catch(() => null),
      browser.tabs.get(tab).catch(() => null),
    ]);
    const permitted = granted?.permissions?.includes('webRequest') === true;
    states.set(port, {
      watched: permitted ? (granted?.origins ?? []) : null,
      privateWindow: shown?.incognito ?? null,
      offered: !permitted || browser.webRequest !== undefined,
    });
    if (ports.has(port)) tell(port, []);
  };
  const lookAgain = (): void => {
    for (const [port, tab] of ports) void look(port, tab);
  };

  /** Until it is known whether a tab is private, nothing of it is written. */
  const meet = (tab: number): void => {
    if (tab < 0 || book.isMet(tab)) return;
    book.markPrivate(tab);
    browser.tabs.get(tab).then(
      ({ incognito }) => {
        if (!incognito) book.markOrdinary(tab);
        void write();
      },
      () => undefined,
    );
  };

  const take = (stage: Stage, details: Details): void => {
    // Firefox says so each time, Chromium must be asked.
    if (details.incognito === true) book.markPrivate(details.tabId);
    else if (details.incognito === false && details.tabId >= 0) book.markOrdinary(details.tabId);
    else meet(details.tabId);
    const record = book.take(stage, details);
    void write();
    if (record !== null) tellAll(record);
  };

  let hearing: Hearing | null = null;
  /** Those whose DevTools pages listen to their own tabs. */
  const listening = new Map<Runtime.Port, number>();
  const cover = (): void => void hearing?.cover(new Set(listening.values()));
  const listen = (): void => {
    const api = browser.webRequest as unknown as WebRequestApi | undefined;
    if (hearing !== null || api === undefined) return;
    const heed = (stage: Stage, details: Details): Promise<void> | undefined => {
      do_(() => take(stage, details));
      return whenRead();
    };
    hearing = new Hearing(api, browser.tabs, heed, book);
    cover();
    browser.webNavigation?.onCreatedNavigationTarget.addListener(({ tabId, sourceTabId }) =>
      do_(() => {
        book.opened(tabId, sourceTabId);
        hearing?.opened(tabId);
        void write();
        for (const [port, tab] of ports)
          if (book.concerns({ tab: tabId, initiator: '' }, tab)) tell(port, book.of(tab));
      }),
    );
    void browser.tabs.query({}).then((tabs) => {
      for (const { id, url } of tabs) if (id !== undefined && url !== undefined) do_(() => book.shows(id, url));
    });
  };

  browser.tabs.onRemoved.addListener((tab) =>
    do_(() => {
      book.closed(tab);
      void write();
      void forgetKept(area, tab);
    }),
  );
  browser.permissions.onAdded.addListener(() => {
    listen();
    lookAgain();
  });
  browser.permissions.onRemoved.addListener(lookAgain);
  browser.runtime.onConnect.addListener((port) => {
    const tab = tabOfPort(port.name);
    const { id, url } = port.sender ?? {};
    const ours = id === browser.runtime.id && (url ?? '').startsWith(browser.runtime.getURL('src/extension/devtools/'));
    if (tab === null || !ours) return;
    do_(() => {
      ports.set(port, tab);
      tell(port, book.of(tab));
      void look(port, tab);
    });
    port.onDisconnect.addListener(() => {
      ports.delete(port);
      states.delete(port);
      if (listening.delete(port)) cover();
    });
    port.onMessage.addListener((message) => {
      const kind = readWirePageMessage(message)?.kind;
      if (kind === 'listening') {
        listening.set(port, tab);
        do_(cover);
      }
      if (kind !== 'forget') return;
      do_(() => {
        book.forget(tab);
        void write();
      });
    });
  });
  listen();

  const begin = (stored: { readonly [key: string]: unknown }): void => {
    book.restore(stored);
    const deeds = waiting ?? [];
    waiting = null;
    for (const deed of deeds) deed();
  };
  area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' }).catch(() => undefined);
  area.get(null).then(
    (stored) => begin(asObject(stored)),
    () => begin({}),
  );
}

/** A tab that is gone is never inspected again. */
async function forgetKept(area: SessionArea, tab: number): Promise<void> {
  await navigator.locks.request('kept', async () => {
    const { [String(tab)]: session, ...others } = readIndex((await area.get(keptIndexKey))[keptIndexKey]);
    if (session === undefined) return;
    await area.set({ [keptIndexKey]: storedForm(others) });
    await area.remove(session.entries.map(({ place }) => keptKey(tab, place)));
  });
}
