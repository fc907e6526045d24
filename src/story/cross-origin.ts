import type { Exchange } from '../exchange/exchange.ts';
import { header } from '../exchange/exchange.ts';
import type { CrossOriginRequest, Role, RoleKind } from './model.ts';
import { bySent, firstAfter, inTimeOrder, Sorted } from './order.ts';
import { pageOriginOf } from './page-origin.ts';
import type { Reading } from './reading.ts';

/** Requests that a browser client sends by script, across origins (Fetch standard, CORS). */
const BY_SCRIPT: ReadonlySet<RoleKind> = new Set([
  'protected-resource-metadata',
  'authorization-server-metadata',
  'registration',
  'token-request',
  'refresh',
]);

/** Discovery, registration and token requests to another origin than the page's, with their preflights. */
export function findCrossOrigin(
  roles: ReadonlyMap<number, Role>,
  readingOf: (entry: number) => Reading | null,
  preflights: Preflights,
): CrossOriginRequest[] {
  const found: CrossOriginRequest[] = [];
  for (const [entry, { kind }] of roles) {
    const reading = BY_SCRIPT.has(kind) ? readingOf(entry) : null;
    if (!reading) continue;
    const origin = pageOriginOf(reading.exchange);
    if (origin === null || origin === reading.target.origin) continue;
    found.push({ exchange: reading.exchange, kind, origin, preflight: preflights.of(reading.exchange) });
  }
  return found.sort(bySent);
}

/** Recorders start a preflight's clock on either side of its request's, milliseconds. */
const PREFLIGHT_WINDOW = 1000;

/** The CORS preflights of the log, by the request they are for. */
export class Preflights {
  readonly #byRequest = new Map<string, Sorted<Exchange>>();

  add(preflight: Exchange): void {
    const method = header(preflight.request.headers, 'access-control-request-method') ?? '';
    const key = requestKey(method, preflight.url);
    const known = this.#byRequest.get(key) ?? new Sorted(inTimeOrder);
    this.#byRequest.set(key, known);
    known.add(preflight);
  }

  /** The preflight of a request: same URL and method, nearest in time; null when none was near. */
  of({ method, url, sent }: Exchange): Exchange | null {
    const all = this.#byRequest.get(requestKey(method, url))?.items ?? [];
    const next = firstAfter(all, sent, (preflight) => preflight.sent);
    const [before, after] = [all[next - 1], all[next]];
    const nearest = !before || (after && after.sent - sent < sent - before.sent) ? after : before;
    return nearest && Math.abs(nearest.sent - sent) < PREFLIGHT_WINDOW ? nearest : null;
  }
}

function requestKey(method: string, url: string): string {
  return `${method} ${url}`;
}
