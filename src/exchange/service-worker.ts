import { type Exchange, header } from './exchange.ts';
import { OrdinaryExchange } from './ordinary-exchange.ts';

/**
 * A page's request that passed through a service worker is recorded twice: the
 * worker's side with all headers and often no body, the page's side with the body
 * and only CORS-safe headers. The worker's side stays and is given the body; where it
 * was not recorded, the answer's headers count as not recorded.
 * `exchanges[i].entry === i`, of what is returned too.
 */
export function joinServiceWorkerTwins(
  exchanges: readonly Exchange[],
  isPagesSide: (exchange: Exchange) => boolean,
): Exchange[] {
  const pages = exchanges.filter(isPagesSide);
  if (pages.length === 0) return [...exchanges];
  const joined = [...exchanges];
  const workers = new WorkerSides(exchanges, new Set(pages));
  for (const page of pages) {
    const worker = workers.take(page);
    if (!worker) {
      if (isFiltered(page)) joined[page.entry] = { ...page, response: { ...page.response, headers: [] } };
      continue;
    }
    joined[page.entry] = asTwin(page);
    if (worker.response.body.text === '' && page.response.body.text !== '') {
      const whole = worker instanceof OrdinaryExchange ? worker.whole() : worker;
      joined[worker.entry] = { ...whole, response: { ...whole.response, body: page.response.body } };
    }
  }
  return joined;
}

/** Neither what every server sends nor what lets a page of another origin read: the browser took headers away (Fetch, CORS filtered response). */
function isFiltered(page: Exchange): boolean {
  if (page instanceof OrdinaryExchange) return false;
  const { headers } = page.response;
  return header(headers, 'date') === null && header(headers, 'access-control-allow-origin') === null;
}

function asTwin(page: Exchange): Exchange {
  if (!(page instanceof OrdinaryExchange)) return { ...page, part: 'twin' };
  page.markTwin();
  return page;
}

/** A worker passes a request on at once: its side is among the first to the same URL after the page's. */
const NEAREST = 64;

/** Requests that can be the worker's side of a page's, each of one page's request only. */
class WorkerSides {
  readonly #byRequest = new Map<string, Exchange[]>();
  readonly #taken = new Set<Exchange>();

  constructor(exchanges: readonly Exchange[], pages: ReadonlySet<Exchange>) {
    const wanted = new Set([...pages].map(requestKey));
    for (const exchange of exchanges) {
      const key = requestKey(exchange);
      if (exchange.part !== 'request' || pages.has(exchange) || !wanted.has(key)) continue;
      const same = this.#byRequest.get(key);
      if (same) same.push(exchange);
      else this.#byRequest.set(key, [exchange]);
    }
    for (const same of this.#byRequest.values())
      same.sort((one, other) => one.sent - other.sent || one.entry - other.entry);
  }

  /** The worker's side of a page's request; null when it was not recorded. */
  take(page: Exchange): Exchange | null {
    const same = this.#byRequest.get(requestKey(page)) ?? [];
    const first = firstSentFrom(same, page.sent);
    for (const other of same.slice(first, first + NEAREST)) {
      if (this.#taken.has(other) || !isWorkersSide(other, page)) continue;
      this.#taken.add(other);
      return other;
    }
    return null;
  }
}

function requestKey({ method, url }: Exchange): string {
  return `${method} ${url}`;
}

/** Index of the first exchange sent at or after `time`, in an array sorted by time sent. */
function firstSentFrom(exchanges: readonly Exchange[], time: number): number {
  let low = 0;
  let high = exchanges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((exchanges[middle]?.sent ?? time) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A recorder's clocks for the two sides differ a little, milliseconds. */
const CLOCKS_DIFFER = 50;

function isWorkersSide(other: Exchange, page: Exchange): boolean {
  const [sent, asked] = [other.request.body.text, page.request.body.text];
  return other.answered <= page.answered + CLOCKS_DIFFER && (sent === '' || asked === '' || sent === asked);
}
