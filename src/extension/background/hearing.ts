import type { Tabs } from 'webextension-polyfill';
import type { Details, Stage } from '../../capture/webrequest.ts';
import { callsOf, endsOf, listenToRequests, type Wanted, type WebRequestApi } from '../web-request.ts';

/** Beyond so many tabs all calls are listened to: a filter for each would cost more than it spares. */
const mostTabs = 40;

export type TabsApi = {
  query(of: object): Promise<readonly Pick<Tabs.Tab, 'id'>[]>;
  readonly onCreated: { addListener(listener: (tab: Pick<Tabs.Tab, 'id'>) => void): void };
  readonly onRemoved: { addListener(listener: (tab: number) => void): void };
};

/**
 * Listens to what scripts ask for: everywhere, and while DevTools pages listen to tabs of their own, in all the others.
 * Only Chromium's DevTools pages can, and only there the network log loses no exchange when its page is left. A
 * background that begins anew listens everywhere until they are heard of.
 */
export class Calls {
  readonly #api: WebRequestApi;
  readonly #tabs: TabsApi;
  readonly #take: (stage: Stage, details: Details) => Promise<void> | undefined;
  readonly #isUnderWay: (tab: number) => boolean;
  readonly #knowsWorkers: () => boolean;
  readonly #stops = new Map<string, () => void>();
  #covered: ReadonlySet<number> = new Set();

  constructor(
    api: WebRequestApi,
    tabs: TabsApi,
    take: (stage: Stage, details: Details) => Promise<void> | undefined,
    isUnderWay: (tab: number) => boolean,
    knowsWorkers: () => boolean,
  ) {
    this.#api = api;
    this.#tabs = tabs;
    this.#take = take;
    this.#isUnderWay = isUnderWay;
    this.#knowsWorkers = knowsWorkers;
    this.#only(new Map([['all', callsOf()]]));
    tabs.onCreated.addListener(({ id }) => {
      if (id !== undefined && !this.#stops.has('all')) this.#listen(`tab ${id}`, callsOf(id));
    });
    tabs.onRemoved.addListener((tab) => this.#stop(`tab ${tab}`));
  }

  /** Leaves these tabs to those who listen to them already. */
  async cover(covered: ReadonlySet<number>): Promise<void> {
    this.#covered = covered;
    const tabs = covered.size === 0 ? [] : await this.#tabs.query({}).catch(() => []);
    // Meanwhile others may have come or gone.
    if (this.#covered !== covered) return;
    const others = tabs.flatMap(({ id }) => (id === undefined || covered.has(id) ? [] : [id]));
    // No filter picks workers, which belong to other tabs too.
    if (covered.size === 0 || tabs.length === 0 || others.length > mostTabs || this.#knowsWorkers()) {
      this.#only(new Map([['all', callsOf()]]));
      return;
    }
    const wanted = new Map(others.map((tab) => [`tab ${tab}`, callsOf(tab)]));
    for (const tab of covered) if (this.#isUnderWay(tab)) wanted.set(`ends ${tab}`, endsOf(tab));
    this.#only(wanted);
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
    if (!this.#isUnderWay(details.tabId)) this.#stop(`ends ${details.tabId}`);
    return taken;
  };
}
