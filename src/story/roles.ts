import type { Exchange } from '../exchange/exchange.ts';
import { originOf } from '../protocol/url.ts';
import type { GrantDraft } from './grants.ts';
import { groupBy } from './group.ts';
import type { EndpointKind, Issuers } from './issuers.ts';
import type { Grant, Registration, Role, RoleKind, Server, Token } from './model.ts';
import { firstFrom } from './order.ts';
import type { Reading } from './reading.ts';

export interface Cast {
  readonly servers: readonly Server[];
  readonly issuers: Issuers;
  readonly resourceDocuments: readonly Reading[];
  readonly serverDocuments: readonly Reading[];
  readonly at: (kind: EndpointKind) => readonly Reading[];
  /** In the order of `drafts`: `grants[i]` was made of `drafts[i]`. */
  readonly grants: readonly Grant[];
  readonly drafts: readonly GrantDraft[];
  readonly tokens: readonly Token[];
  readonly registrations: readonly Registration[];
  readonly model: readonly { readonly exchange: Exchange }[];
  /** Documents of an origin (`Archive.pages`), by time sent. */
  readonly pages: (origin: string) => readonly Reading[];
  readonly readingOf: (entry: number) => Reading | null;
}

/** Who plays which part. The authorization's own entries are few; those of every call are drawn up when asked for. */
export class Roles {
  readonly authorization: ReadonlyMap<number, Role>;
  readonly #cast: Cast;
  readonly #tokenOf: ReadonlyMap<string, Token>;
  /** Tokens by the entry of the token request that issued them. */
  readonly #issuedAt: ReadonlyMap<number | undefined, readonly Token[]>;
  #all: ReadonlyMap<number, Role> | null = null;
  #besideCalls: ReadonlyMap<number, Role> | null = null;

  constructor(cast: Cast) {
    this.#cast = cast;
    this.#tokenOf = new Map(cast.tokens.map((token) => [token.value, token]));
    this.#issuedAt = groupBy(cast.tokens, ({ issuedBy }) => issuedBy?.exchange.entry);
    this.authorization = this.#castAuthorization();
  }

  /** Every entry of the story. */
  get all(): ReadonlyMap<number, Role> {
    this.#all ??= this.#castAll();
    return this.#all;
  }

  /** Every entry of the story but the MCP calls. */
  get besideCalls(): ReadonlyMap<number, Role> {
    this.#besideCalls ??= this.#castBesideCalls();
    return this.#besideCalls;
  }

  /** The part one entry plays, without drawing up those of all others; null for an entry outside the story. */
  of(entry: number): Role | null {
    const known = this.authorization.get(entry);
    if (known) return known;
    const reading = this.#cast.readingOf(entry);
    if (!reading) return null;
    const server = this.#cast.servers.find(({ url }) => url === reading.target.endpoint);
    if (server) {
      const { credential } = reading;
      return this.#call(entry, server.url, credential && credential.scheme !== 'other' ? credential.value : null);
    }
    return reading.hint === 'model' && this.#cast.model.length > 0 ? this.#model(entry) : null;
  }

  /** `Token.id`s that an entry carries or issues. */
  #tokensOf(entry: number): string[] {
    const reading = this.#cast.readingOf(entry);
    const carried = [reading?.credential?.value, reading?.tokenRequest?.refreshToken];
    const tokens = new Set(carried.flatMap((value) => this.#tokenOf.get(value ?? '') ?? []));
    for (const token of this.#issuedAt.get(entry) ?? []) tokens.add(token);
    return [...tokens].map(({ id }) => id);
  }

  #castAuthorization(): Map<number, Role> {
    const { servers, issuers, at, grants, drafts, registrations } = this.#cast;
    const roles = new Map<number, Role>();
    const set = (
      entry: number,
      kind: RoleKind,
      server: string | null,
      issuer: string | null,
      grant: string | null,
    ): void => {
      roles.set(entry, { kind, server, issuer, grant, tokens: this.#tokensOf(entry) });
    };
    const describes = new Map(
      servers.toReversed().flatMap((server) => server.metadata.map(({ exchange }) => [exchange, server] as const)),
    );
    const atOrigin = new Map(servers.toReversed().map((server) => [originOf(server.url), server]));
    for (const { exchange } of this.#cast.resourceDocuments) {
      const near = describes.get(exchange) ?? atOrigin.get(originOf(exchange.url));
      set(exchange.entry, 'protected-resource-metadata', near?.url ?? null, null, null);
    }
    const issuerOf = new Map(
      issuers.all.flatMap(({ issuer, metadata }) => metadata.map(({ exchange }) => [exchange, issuer] as const)),
    );
    for (const { exchange } of this.#cast.serverDocuments) {
      set(exchange.entry, 'authorization-server-metadata', null, issuerOf.get(exchange) ?? null, null);
    }
    const plain: readonly [EndpointKind, RoleKind][] = [
      ['jwks', 'jwks'],
      ['userinfo', 'userinfo'],
      ['introspection', 'introspection'],
      ['revocation', 'revocation'],
      ['end-session', 'end-session'],
      ['pushed-authorization', 'pushed-authorization-request'],
    ];
    for (const [endpoint, kind] of plain) {
      for (const { exchange, target } of at(endpoint)) {
        set(exchange.entry, kind, null, issuers.issuerOf(target.endpoint, endpoint), null);
      }
    }
    for (const { exchange, issuer, source } of registrations) {
      set(exchange.entry, source === 'cimd' ? 'client-id-metadata-document' : 'registration', null, issuer, null);
    }
    for (const [index, draft] of drafts.entries()) {
      const grant = grants[index];
      if (!grant) continue;
      const server = grant.server?.url ?? null;
      this.#castPages(draft, (entry) => {
        // Another tab may register, or sign in too, meanwhile: what is known for what it is stays that.
        const known = roles.get(entry)?.kind ?? 'authorization-page';
        if (known === 'authorization-page') set(entry, 'authorization-page', server, draft.issuer, grant.id);
      });
      for (const entry of draft.authorization?.entries ?? [])
        set(entry, 'authorization-request', server, draft.issuer, grant.id);
      if (draft.callback && draft.callback.part !== 'response.headers.location') {
        set(draft.callback.exchange.entry, 'authorization-response', server, draft.issuer, grant.id);
      }
      if (draft.token) set(draft.token.exchange.entry, 'token-request', server, draft.issuer, grant.id);
      for (const refresh of draft.refreshes) set(refresh.exchange.entry, 'refresh', server, draft.issuer, grant.id);
    }
    return roles;
  }

  /** The authorization server's own pages (login, consent) between the request and its response. */
  #castPages(draft: GrantDraft, set: (entry: number) => void): void {
    const { authorization, callback, token } = draft;
    if (!authorization) return;
    const pages = this.#cast.pages(originOf(authorization.exchange.url) ?? '');
    const until = (callback ?? token)?.exchange.sent ?? authorization.exchange.sent + MAX_PAGES_TIME;
    for (let index = firstFrom(pages, authorization.exchange.sent); index < pages.length; index += 1) {
      const page = pages[index];
      if (!page || page.exchange.sent > until) break;
      set(page.exchange.entry);
    }
  }

  #castAll(): Map<number, Role> {
    const roles = new Map(this.authorization);
    for (const server of this.#cast.servers) {
      for (const { exchange, credential } of server.calls)
        roles.set(exchange.entry, this.#call(exchange.entry, server.url, credential));
    }
    for (const { exchange } of this.#cast.model) {
      if (!roles.has(exchange.entry)) roles.set(exchange.entry, this.#model(exchange.entry));
    }
    return roles;
  }

  #castBesideCalls(): Map<number, Role> {
    const roles = new Map(this.authorization);
    for (const { exchange } of this.#cast.model) {
      if (!roles.has(exchange.entry)) roles.set(exchange.entry, this.#model(exchange.entry));
    }
    return roles;
  }

  #call(entry: number, server: string, credential: string | null): Role {
    const grant = this.#tokenOf.get(credential ?? '')?.grant?.id ?? null;
    return { kind: 'mcp', server, issuer: null, grant, tokens: this.#tokensOf(entry) };
  }

  #model(entry: number): Role {
    return { kind: 'model', server: null, issuer: null, grant: null, tokens: this.#tokensOf(entry) };
  }
}

/** How long a user may sit on the login page when no response was seen, milliseconds. */
const MAX_PAGES_TIME = 600_000;
