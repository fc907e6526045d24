import { authorizationServerMetadataUrls } from '../protocol/metadata.ts';
import { documentKey, endpointOf, originOf } from '../protocol/url.ts';
import { append, groupBy } from './group.ts';
import { isSameIssuer, issuerKey } from './issuers.ts';
import type { AuthorizationServerDocument, Server, ServerMetadata, Story } from './model.ts';
import { oncePer } from './once.ts';
import { bySent, firstAfter } from './order.ts';

/** A document of an authorization server's metadata, and the MCP server that it serves. */
export interface IssuerDocument {
  readonly server: Server;
  /** The identifier that led to it: as the protected resource metadata has it, else the issuer itself. */
  readonly identifier: string;
  /** The protected resource metadata that names the identifier; null where none does. */
  readonly named: ServerMetadata | null;
  readonly document: AuthorizationServerDocument;
}

/** Authorization server metadata that belongs to no MCP server is left out (guard G21); the same text at the same place counts once. */
export const issuerDocuments = oncePer(readDocuments);

function readDocuments(story: Story): readonly IssuerDocument[] {
  const byPlace = new Map<string, AuthorizationServerDocument[]>();
  for (const { metadata } of story.authorizationServers) {
    for (const document of metadata) {
      const place = documentKey(document.exchange.url);
      const there = byPlace.get(place);
      if (there) there.push(document);
      else byPlace.set(place, [document]);
    }
  }
  const byIssuer = new Map(story.authorizationServers.map(({ issuer, metadata }) => [issuer, metadata]));
  const used = usedIssuers(story);
  return story.servers.flatMap((server) => {
    const found = new Map<string, IssuerDocument>();
    const seen = new Set<AuthorizationServerDocument>();
    const add = (identifier: string, named: ServerMetadata | null, document: AuthorizationServerDocument): void => {
      const key = JSON.stringify([identifier, document.exchange.url, document.exchange.response.body.text]);
      if (!found.has(key)) found.set(key, { server, identifier, named, document });
      seen.add(document);
    };
    for (const [identifier, named] of namedIssuers(server)) {
      for (const url of authorizationServerMetadataUrls(identifier)) {
        for (const document of byPlace.get(documentKey(url)) ?? []) add(identifier, named, document);
      }
    }
    for (const issuer of used.get(server) ?? []) {
      for (const document of byIssuer.get(issuer) ?? []) if (!seen.has(document)) add(issuer, null, document);
    }
    for (const document of legacyDocuments(server, byPlace))
      if (!seen.has(document)) add(document.metadata.issuer, null, document);
    return [...found.values()].sort((one, other) => one.document.exchange.sent - other.document.exchange.sent);
  });
}

/** The issuers that a server's metadata names, each with the document that names it first. */
export const namedIssuers = oncePer((server: Server): ReadonlyMap<string, ServerMetadata> => {
  const named = new Map<string, ServerMetadata>();
  for (const document of server.metadata) {
    for (const issuer of document.metadata.authorizationServers) if (!named.has(issuer)) named.set(issuer, document);
  }
  return named;
});

/** An issuer with the server whose metadata named it before any other's did, and that metadata. */
export interface FirstNaming {
  readonly issuer: string;
  readonly server: Server;
  readonly named: ServerMetadata;
}

/** Every issuer that some server's metadata names: what a client then does to find its metadata, it does once for all of them. */
export const firstNamings = oncePer((story: Story): readonly FirstNaming[] => {
  const first = new Map<string, FirstNaming>();
  for (const server of story.servers) {
    for (const [issuer, named] of namedIssuers(server)) {
      const known = first.get(issuer);
      if (!known || named.exchange.sent < known.named.exchange.sent) first.set(issuer, { issuer, server, named });
    }
  }
  return [...first.values()];
});

/** The documents of one MCP server's authorization servers. */
export function documentsFor(story: Story, server: Server): readonly IssuerDocument[] {
  return documentsByServer(story).get(server) ?? [];
}

const documentsByServer = oncePer((story: Story) => groupBy(issuerDocuments(story), ({ server }) => server));

/** Issuers that grants for a server were asked of. */
function usedIssuers(story: Story): ReadonlyMap<Server, ReadonlySet<string>> {
  const used = new Map<Server, Set<string>>();
  for (const { server, issuer } of story.chains) {
    if (!server) continue;
    const issuers = used.get(server) ?? new Set();
    used.set(server, issuers.add(issuer));
  }
  return used;
}

/** MCP 2025-03-26: without protected resource metadata the server's own origin is the authorization server. */
function legacyDocuments(
  server: Server,
  byPlace: ReadonlyMap<string, readonly AuthorizationServerDocument[]>,
): readonly AuthorizationServerDocument[] {
  const origin = originOf(server.url);
  if (server.metadata.length > 0 || server.refused.length === 0 || origin === null) return [];
  return authorizationServerMetadataUrls(origin).flatMap((url) => byPlace.get(documentKey(url)) ?? []);
}

/** Where an authorization server's metadata sends its clients: to sign in, for a token, to register. */
export const endpointsOf = oncePer(({ metadata }: AuthorizationServerDocument): ReadonlySet<string> => {
  const all = [metadata.authorizationEndpoint, metadata.tokenEndpoint, metadata.registrationEndpoint];
  return new Set(all.flatMap((url) => (url === null ? [] : [endpointOf(url)])));
});

/** Whether a server's metadata names an issuer, a slash at the end aside. */
export function names(server: Server, issuer: string): boolean {
  return server.issuers.some((named) => isSameIssuer(named, issuer));
}

/** The metadata of an issuer that a client knew at a time: the last document before it, else the first one seen; null when the log has none (cause C1). */
export function documentAt(story: Story, issuer: string, at: number): AuthorizationServerDocument | null {
  const documents = knownByIssuer(story).get(issuerKey(issuer)) ?? [];
  return documents[firstAfter(documents, at, ({ exchange }) => exchange.sent) - 1] ?? documents[0] ?? null;
}

const knownByIssuer = oncePer((story: Story): ReadonlyMap<string, readonly AuthorizationServerDocument[]> => {
  const documents = new Map<string, AuthorizationServerDocument[]>();
  for (const { issuer, metadata } of story.authorizationServers)
    for (const document of metadata) append(documents, issuerKey(issuer), document);
  for (const list of documents.values()) list.sort(bySent);
  return documents;
});
