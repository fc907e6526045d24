import type { Exchange } from '../exchange/exchange.ts';
import { readPlace } from '../protocol/url.ts';
import type { SeenAuthorization } from './authorizations.ts';
import { bySent } from './order.ts';
import type { Reading } from './reading.ts';

/**
 * Every GET of a URL that authorization requests name as `client_id`, whatever its answer, in time order:
 * a document that is not there is no registration, and yet says something of the client.
 */
export function findClientDocuments(
  authorizations: readonly SeenAuthorization[],
  at: (endpoint: string) => readonly Reading[],
): Exchange[] {
  const urls = new Set(authorizations.map(({ request }) => request.clientId));
  const fetched: Reading[] = [];
  for (const url of urls) {
    if (!url?.startsWith('https://')) continue;
    for (const reading of at(readPlace(url)?.endpoint ?? '')) {
      if (reading.exchange.method === 'GET' && reading.exchange.url === url) fetched.push(reading);
    }
  }
  return fetched.sort(bySent).map(({ exchange }) => exchange);
}
