import { asObject, fieldOf, type Json, textOf } from '../../capture/har-json.ts';
import type { Details, Stage } from '../../capture/webrequest.ts';
import { answersOnly, listenToRequests, type WebRequestApi } from '../web-request.ts';

/** More answers a second than this are a burst. */
const usual = 15;
/** So often it is looked whether a burst is over, milliseconds. */
const apart = 1_000;

/**
 * Hears the answers to calls begin, in all tabs and of all workers, for no filter picks workers alone. The page waits
 * for each to be told; so in a burst only those of servers are heard that were asked for a stream before.
 */
export class Answers {
  readonly #api: WebRequestApi;
  readonly #take: (stage: Stage, details: Details) => undefined;
  readonly #servers = new Set<string>();
  /** In this second: heard, and finished as the network log says. */
  #heard = 0;
  #finished = 0;
  #second = 0;
  #isBurst = false;
  #stop = (): void => undefined;

  constructor(api: WebRequestApi, take: (stage: Stage, details: Details) => undefined) {
    this.#api = api;
    this.#take = take;
    this.#listen();
  }

  /** The network log brings one: that tells of a burst without costing the page anything. */
  finished(): void {
    this.#finished += 1;
  }

  /** Looks whether an exchange shows a server that may stream: every MCP request accepts it (Streamable HTTP). */
  meet(entry: Json): void {
    const request = asObject(entry.request);
    if (!(fieldOf(request, 'accept') ?? '').includes('text/event-stream')) return;
    const url = textOf(request.url);
    const origin = URL.canParse(url) ? new URL(url).origin : 'null';
    if (origin === 'null' || this.#servers.has(origin)) return;
    this.#servers.add(origin);
    if (this.#isBurst) this.#listen();
  }

  readonly #hear = (stage: Stage, details: Details): undefined => {
    const now = performance.now();
    if (now - this.#second >= apart) {
      this.#second = now;
      this.#heard = 0;
    }
    this.#heard += 1;
    if (this.#heard > usual && !this.#isBurst) this.#begin();
    return this.#take(stage, details);
  };

  #begin(): void {
    this.#isBurst = true;
    this.#listen();
    this.#finished = 0;
    const look = setInterval(() => {
      if (this.#finished <= usual) {
        clearInterval(look);
        this.#isBurst = false;
        this.#listen();
      }
      this.#finished = 0;
    }, apart);
  }

  /** First what is new, so that nothing is missed in between; the same answer told twice is one. */
  #listen(): void {
    const before = this.#stop;
    const urls = [...this.#servers].map((origin) => `${origin}/*`);
    if (!this.#isBurst) this.#stop = listenToRequests(this.#api, this.#hear, answersOnly);
    else if (urls.length === 0) this.#stop = () => undefined;
    else this.#stop = listenToRequests(this.#api, this.#take, { ...answersOnly, urls });
    before();
  }
}
