import { type Exchange, header } from '../exchange/exchange.ts';
import { readPlace } from '../protocol/url.ts';

/** The origin of the page that sent a request: `Origin`, else `Referer`'s; null when it is opaque, not said, or behind a proxy. */
export function pageOriginOf(exchange: Exchange): string | null {
  if (exchange.envelope) return null;
  const origin = header(exchange.request.headers, 'origin');
  if (origin !== null) return origin === 'null' ? null : origin;
  const referer = header(exchange.request.headers, 'referer');
  return referer === null ? null : (readPlace(referer)?.origin ?? null);
}
