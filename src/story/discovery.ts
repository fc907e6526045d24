import { authorizationServerMetadataUrls, wellKnownKind } from '../protocol/metadata.ts';
import { append } from './group.ts';
import { issuerKey } from './issuers.ts';
import type { Discovery, Server } from './model.ts';
import { bySent } from './order.ts';
import type { Reading } from './reading.ts';

/**
 * Every fetch of a discovery document, answered or not, with what it was fetched for: the servers whose
 * challenge or well-known URL it is (RFC 9728 section 3.1), or the issuers whose candidate URL it is
 * (RFC 8414 section 3.1, in the order of the MCP specification).
 */
export function findDiscovery(
  documents: readonly Reading[],
  servers: readonly Server[],
  issuers: readonly string[],
): Discovery[] {
  const serversAt = new Map<string, Server[]>();
  for (const server of servers) for (const url of server.metadataUrls) append(serversAt, url, server);
  const named = new Map(
    [...servers.flatMap((server) => server.issuers), ...issuers]
      .toReversed()
      .map((issuer) => [issuerKey(issuer), issuer]),
  );
  const issuersAt = new Map<string, string[]>();
  for (const issuer of [...named.values()].toReversed())
    for (const url of authorizationServerMetadataUrls(issuer)) append(issuersAt, url, issuer);
  return documents
    .filter(({ exchange }) => exchange.method === 'GET')
    .map(({ exchange }): Discovery => {
      const kind = wellKnownKind(exchange.url) ?? 'protected-resource';
      return kind === 'protected-resource'
        ? { exchange, kind, servers: serversAt.get(exchange.url) ?? [], issuers: [] }
        : { exchange, kind, servers: [], issuers: issuersAt.get(exchange.url) ?? [] };
    })
    .sort(bySent);
}
