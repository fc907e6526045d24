import { readAuthorizationServerMetadata, wellKnownKind } from '../protocol/metadata.ts';
import { readPlace } from '../protocol/url.ts';
import type { AuthorizationServer, AuthorizationServerDocument } from './model.ts';
import type { Reading } from './reading.ts';

/** Endpoints of an authorization server's metadata that a request can be recognised by. */
export type EndpointKind =
  | 'authorization'
  | 'token'
  | 'registration'
  | 'revocation'
  | 'introspection'
  | 'userinfo'
  | 'end-session'
  | 'jwks'
  | 'pushed-authorization';

interface EndpointOwner {
  readonly kind: EndpointKind;
  readonly issuer: string;
}

/** Authorization servers by issuer, and which issuer each endpoint URL belongs to (guard G6: never by host). */
export class Issuers {
  readonly all: readonly AuthorizationServer[];
  readonly #endpoints = new Map<string, EndpointOwner[]>();
  readonly #named: readonly string[];

  /** `named`: the issuers that protected resource metadata names. */
  constructor(readings: readonly Reading[], named: readonly string[]) {
    this.#named = named;
    const byIssuer = new Map<string, AuthorizationServerDocument[]>();
    for (const { exchange } of readings) {
      if (exchange.response.status !== 200) continue;
      const metadata = readAuthorizationServerMetadata(exchange.response.body.text);
      if (!metadata) continue;
      const documents = byIssuer.get(metadata.issuer) ?? [];
      documents.push({ exchange, metadata, from: wellKnownKind(exchange.url) });
      byIssuer.set(metadata.issuer, documents);
      this.#own('authorization', metadata.authorizationEndpoint, metadata.issuer);
      this.#own('token', metadata.tokenEndpoint, metadata.issuer);
      this.#own('registration', metadata.registrationEndpoint, metadata.issuer);
      this.#own('revocation', metadata.revocationEndpoint, metadata.issuer);
      this.#own('introspection', metadata.introspectionEndpoint, metadata.issuer);
      this.#own('userinfo', metadata.userinfoEndpoint, metadata.issuer);
      this.#own('end-session', metadata.endSessionEndpoint, metadata.issuer);
      this.#own('jwks', metadata.jwksUri, metadata.issuer);
      this.#own('pushed-authorization', metadata.parEndpoint, metadata.issuer);
    }
    this.all = [...byIssuer].map(([issuer, metadata]) => ({ issuer, metadata }));
  }

  /** Endpoint URLs (origin and path) with their owners. */
  get endpoints(): ReadonlyMap<string, readonly EndpointOwner[]> {
    return this.#endpoints;
  }

  /**
   * The issuer whose endpoint of that kind has this URL; of several, one that protected resource metadata
   * names. With no metadata in the log it is the one named issuer of that origin, else the origin.
   */
  issuerOf(endpoint: string, kind: EndpointKind): string {
    const owners = (this.#endpoints.get(endpoint) ?? []).filter((owner) => owner.kind === kind);
    const named = owners.find((owner) => this.#named.includes(owner.issuer));
    const owner = named ?? owners[0];
    if (owner) return owner.issuer;
    const origin = readPlace(endpoint)?.origin ?? endpoint;
    const there = this.#named.filter((issuer) => readPlace(issuer)?.origin === origin);
    return there.length === 1 ? (there[0] ?? origin) : origin;
  }

  /** Endpoint URLs of one kind. */
  endpointsOf(kind: EndpointKind): string[] {
    return [...this.#endpoints].flatMap(([url, owners]) => (owners.some((owner) => owner.kind === kind) ? [url] : []));
  }

  isEndpoint(endpoint: string, kind: EndpointKind): boolean {
    return (this.#endpoints.get(endpoint) ?? []).some((owner) => owner.kind === kind);
  }

  #own(kind: EndpointKind, url: string | null, issuer: string): void {
    const endpoint = url === null ? undefined : readPlace(url)?.endpoint;
    if (endpoint === undefined) return;
    const owners = this.#endpoints.get(endpoint) ?? [];
    if (!owners.some((owner) => owner.kind === kind && owner.issuer === issuer)) owners.push({ kind, issuer });
    this.#endpoints.set(endpoint, owners);
  }
}

/** Issuer identifiers that differ only by a trailing slash name one authorization server here; rules compare exactly. */
export function isSameIssuer(one: string, other: string): boolean {
  return issuerKey(one) === issuerKey(other);
}

/** An issuer identifier as something to look up by: equal for those that are the same issuer. */
export function issuerKey(issuer: string): string {
  return issuer.endsWith('/') ? issuer.slice(0, -1) : issuer;
}
