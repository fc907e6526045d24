import type { Context, Exchange, HttpMessage, HttpResponse, Part, Problem } from './exchange.ts';
import type { OrdinaryExchanges } from './ordinary.ts';
import { readEntry } from './read-har.ts';

/** An ordinary exchange; all but its number is put together when it is asked for. */
export class OrdinaryExchange implements Exchange {
  readonly entry: number;
  readonly #all: OrdinaryExchanges;
  readonly #index: number;
  #isTwin = false;

  constructor(all: OrdinaryExchanges, index: number, entry: number) {
    this.#all = all;
    this.#index = index;
    this.entry = entry;
  }

  get sent(): number {
    return this.#all.sent(this.#index);
  }

  get answered(): number {
    return this.#all.answered(this.#index);
  }

  get url(): string {
    return this.#all.url(this.#index);
  }

  get method(): string {
    return this.whole().method;
  }

  get request(): HttpMessage {
    return this.whole().request;
  }

  get headersLeftOut(): boolean {
    return this.whole().headersLeftOut;
  }

  get response(): HttpResponse {
    return this.whole().response;
  }

  get error(): string | null {
    return this.whole().error;
  }

  get resourceType(): string | null {
    return this.whole().resourceType;
  }

  get fromCache(): boolean {
    return this.whole().fromCache;
  }

  get page(): string | null {
    return this.whole().page;
  }

  get part(): Part {
    return this.whole().part;
  }

  get pending(): boolean {
    return this.whole().pending;
  }

  get context(): Context | null {
    return this.whole().context;
  }

  get envelope(): null {
    return null;
  }

  /** Whether this is the page's side of a request that passed through a service worker. */
  get isWorkersPage(): boolean {
    return this.#all.isWorkersPage(this.#index);
  }

  /** Where it is kept in `OrdinaryExchanges`. */
  get index(): number {
    return this.#index;
  }

  /** Makes this the second record of another exchange. */
  markTwin(): void {
    this.#isTwin = true;
  }

  /** The entry in HAR's form, without its response's body. */
  raw(): { readonly [key: string]: unknown } {
    return this.#all.raw(this.#index);
  }

  /** A plain exchange with all that was kept; of the response's body, a beginning of no length. */
  whole(): Exchange {
    const problems: Problem[] = [];
    const read = readEntry({ ...this.raw(), startedDateTime: this.sent }, this.entry, problems, 0);
    const body = this.#all.bodyOf(this.#index);
    const part = this.#isTwin ? 'twin' : read.part;
    if (body === 'none') return { ...read, part };
    const seen = body === 'base64' ? ({ state: 'binary' } as const) : ({ state: 'cut', unmarked: true } as const);
    return { ...read, part, response: { ...read.response, body: { ...read.response.body, ...seen } } };
  }
}
