import { authorizationServerMetadataUrls, protectedResourceMetadataUrls, wellKnownKind } from '../protocol/metadata.ts';
import { isSameIssuer } from './issuers.ts';
import type { Discovery, Server } from './model.ts';
import type { Reading } from './reading.ts';

/**
 * Every fetch of a discovery document, answered or not, with what it was fetched for: the servers whose
 * challenge or well-known URL it is (RFC 9728 section 3.1), or the issuers whose candidate URL it is
 * (RFC 8414 section 3.1, in the order of the MCP specification).
 */
export function findDiscovery(documents: readonly Reading[], servers: readonly Server[], issuers: readonly string[]): Discovery[] {
  const named = [...new Set([...servers.flatMap((server) => server.issuers), ...issuers])];
  const candidates = named.map((issuer) => ({ issuer, urls: authorizationServerMetadataUrls(issuer) }));
  return documents
    .filter(({ exchange }) => exchange.method === 'GET')
    .map(({ exchange }): Discovery => {
      const kind = wellKnownKind(exchange.url) ?? 'protected-resource';
      if (kind === 'protected-resource') {
        return { exchange, kind, servers: servers.filter((server) => isFor(server, exchange.url)), issuers: [] };
      }
      const wanted = candidates.filter(({ urls }) => urls.includes(exchange.url)).map(({ issuer }) => issuer);
      const distinct = wanted.filter((issuer, index) => wanted.findIndex((other) => isSameIssuer(other, issuer)) === index);
      return { exchange, kind, servers: [], issuers: distinct };
    })
    .sort((one, other) => one.exchange.sent - other.exchange.sent);
}

function isFor(server: Server, url: string): boolean {
  return protectedResourceMetadataUrls(server.url).includes(url) || server.refused.some((call) => call.challenge?.resourceMetadata === url);
}
