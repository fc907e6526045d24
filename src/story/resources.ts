import { canonicalUrl, isWithin } from '../protocol/resource.ts';
import { readPlace } from '../protocol/url.ts';
import { groupBy } from './group.ts';
import type { Server } from './model.ts';

/** MCP servers by what a `resource` value may call them (RFC 8707 section 2). */
export class Resources {
  readonly #byUrl: ReadonlyMap<string, Server>;
  readonly #byCanonicalUrl: ReadonlyMap<string, readonly Server[]>;
  readonly #byNamedResource = new Map<string, Set<Server>>();
  readonly #byOrigin: ReadonlyMap<string, readonly Server[]>;
  readonly #known = new Map<string, Server | null>();

  constructor(servers: readonly Server[]) {
    this.#byUrl = new Map(servers.map((server) => [server.url, server]));
    this.#byCanonicalUrl = groupBy(servers, ({ url }) => canonicalUrl(url));
    this.#byOrigin = groupBy(servers, ({ url }) => readPlace(url)?.origin ?? url);
    for (const server of servers) {
      for (const { metadata } of server.metadata) {
        if (metadata.resource === null) continue;
        const name = canonicalUrl(metadata.resource);
        const same = this.#byNamedResource.get(name);
        if (same) same.add(server);
        else this.#byNamedResource.set(name, new Set([server]));
      }
    }
  }

  /** The server of that URL, exactly. */
  at(url: string): Server | null {
    return this.#byUrl.get(url) ?? null;
  }

  /**
   * The server that a `resource` value names: verbatim, normalised, by its metadata's
   * `resource`, or as the only server below it. Null when none or several.
   */
  named(resource: string): Server | null {
    const known = this.#known.get(resource);
    if (known !== undefined) return known;
    const server = this.#find(resource);
    this.#known.set(resource, server);
    return server;
  }

  #find(resource: string): Server | null {
    const exact = this.#byUrl.get(resource);
    if (exact) return exact;
    const name = canonicalUrl(resource);
    const same = only(this.#byCanonicalUrl.get(name) ?? []) ?? only([...(this.#byNamedResource.get(name) ?? [])]);
    if (same) return same;
    const neighbours = this.#byOrigin.get(readPlace(resource)?.origin ?? '') ?? [];
    return only(neighbours.filter((server) => isWithin(server.url, resource)));
  }
}

function only(servers: readonly Server[]): Server | null {
  return servers.length === 1 ? (servers[0] ?? null) : null;
}
