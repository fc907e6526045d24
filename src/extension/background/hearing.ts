import type { Tabs } from 'webextension-polyfill';
import type { Details, Stage } from '../../capture/webrequest.ts';
import type { WireBook } from '../../capture/wire-book.ts';
import {
  allDocuments,
  callsOf,
  endsOf,
  listenToRequests,
  popup,
  type Wanted,
  type WebRequestApi,
} from '../web-request.ts';

/** Beyond so many tabs all calls are listened to: a filter for each would cost more than it spares. */
const mostTabs = 40;

export type TabsApi = {
  query(of: object): Promise<readonly Pick<Tabs.Tab, 'id'>[]>;
  readonly onCreated: { addListener(listener: (tab: Pick<Tabs.Tab, 'id'>) => void): void };
  readonly onRemoved: { addListener(listener: (tab: number) => void): void };
};

const everywhere: ReadonlyMap<string, Wanted> = new Map([
  ['every document', { ...allDocuments, everyHeader: true }],
  ['every call', { ...callsOf(), everyHeader: true }],
]);

/**
 * Listens to documents, and to what scripts ask for: everywhere, and while DevTools pages listen to tabs of their own,
 * sparingly and in all the others; whole where a window belongs to such a tab. Only Chromium's DevTools pages can, and
 * only there the network log loses no exchange when its page is left. A background that begins anew listens everywhere
 * until they are heard of.
 */
export class Hearing {
  readonly #api: WebRequestApi;
  readonly #tabs: TabsApi;
  readonly #take: (stage: Stage, details: Details) => Promise<void> | undefined;
  readonly #book: Pick<WireBook, 'isUnderWay' | 'holdsWorkers' | 'concerns'>;
  readonly #stops = new Map<string, () => void>();
  #covered: ReadonlySet<number> = new Set();

  constructor(
    api: WebRequestApi,
    tabs: TabsApi,
    take: (stage: Stage, details: Details) => Promise<void> | undefined,
    book: Pick<WireBook, 'isUnderWay' | 'holdsWorkers' | 'concerns'>,
  ) {
    this.#api = api;
    this.#tabs = tabs;
    this.#take = take;
    this.#book = book;
    this.#only(everywhere);
    tabs.onCreated.addListener(({ id }) => {
      if (id !== undefined && this.#isSparing && !this.#stops.has('call')) this.#listen(`tab ${id}`, callsOf(id));
    });
    tabs.onRemoved.addListener((tab) => {
      this.#stop(`tab ${tab}`);
      this.#stop(`popup ${tab}`);
    });
  }

  /** Leaves these tabs to those who listen to them already. */
  async cover(covered: ReadonlySet<number>): Promise<void> {
    this.#covered = covered;
    const tabs = covered.size === 0 ? [] : await this.#tabs.query({}).catch(() => []);
    // Meanwhile others may have come or gone.
    if (this.#covered !== covered) return;
    const ids = tabs.flatMap(({ id }) => id ?? []);
    // No filter picks workers, which belong to other tabs too.
    const isSparing = covered.size > 0 && ids.length > 0 && !this.#book.holdsWorkers;
    this.#only(isSparing ? this.#sparing(ids.filter((id) => !covered.has(id))) : everywhere);
  }

  /** A tab was opened by another's page. */
  opened(tab: number): void {
    if (!this.#isSparing || !this.#isPopup(tab)) return;
    this.#listen(`popup ${tab}`, popup(tab));
    this.#stop(`tab ${tab}`);
  }

  #sparing(others: readonly number[]): ReadonlyMap<string, Wanted> {
    const wanted = new Map<string, Wanted>([['document', allDocuments]]);
    if (others.length > mostTabs) wanted.set('call', callsOf());
    for (const tab of others) {
      if (this.#isPopup(tab)) wanted.set(`popup ${tab}`, popup(tab));
      else if (others.length <= mostTabs) wanted.set(`tab ${tab}`, callsOf(tab));
    }
    for (const tab of this.#covered) if (this.#book.isUnderWay(tab)) wanted.set(`ends ${tab}`, endsOf(tab));
    return wanted;
  }

  get #isSparing(): boolean {
    return this.#stops.has('document');
  }

  #isPopup(tab: number): boolean {
    return [...this.#covered].some((viewer) => this.#book.concerns({ tab, initiator: '' }, viewer));
  }

  /** First what is new, so that nothing is missed in between. */
  #only(wanted: ReadonlyMap<string, Wanted>): void {
    for (const [name, one] of wanted) this.#listen(name, one);
    for (const name of [...this.#stops.keys()]) if (!wanted.has(name)) this.#stop(name);
  }

  #listen(name: string, wanted: Wanted): void {
    if (this.#stops.has(name)) return;
    const take = name.startsWith('ends ') ? this.#takeEnd : this.#take;
    this.#stops.set(name, listenToRequests(this.#api, take, wanted));
  }

  #stop(name: string): void {
    this.#stops.get(name)?.();
    this.#stops.delete(name);
  }

  readonly #takeEnd = (stage: Stage, details: Details): Promise<void> | undefined => {
    const taken = this.#take(stage, details);
    if (!this.#book.isUnderWay(details.tabId)) this.#stop(`ends ${details.tabId}`);
    return taken;
  };
}
