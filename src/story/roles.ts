import type { GrantDraft } from './grants.ts';
import type { EndpointKind, Issuers } from './issuers.ts';
import type { Grant, Registration, Role, RoleKind, Server, Token } from './model.ts';
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
  readonly model: readonly Reading[];
  readonly between: (from: number, to: number) => readonly Reading[];
}

/** Who plays which part. The authorization's own entries are few; those of every call are drawn up when asked for. */
export class Roles {
  readonly authorization: ReadonlyMap<number, Role>;
  readonly #cast: Cast;
  readonly #tokensOf = new Map<number, string[]>();
  #all: ReadonlyMap<number, Role> | null = null;

  constructor(cast: Cast) {
    this.#cast = cast;
    for (const token of cast.tokens) {
      for (const entry of token.uses) this.#note(entry, token.id);
      if (token.issuedBy) this.#note(token.issuedBy.exchange.entry, token.id);
    }
    this.authorization = this.#castAuthorization();
  }

  /** Every entry of the story. */
  get all(): ReadonlyMap<number, Role> {
    this.#all ??= this.#castAll();
    return this.#all;
  }

  #note(entry: number, token: string): void {
    const tokens = this.#tokensOf.get(entry);
    if (!tokens) this.#tokensOf.set(entry, [token]);
    else if (!tokens.includes(token)) tokens.push(token);
  }

  #castAuthorization(): Map<number, Role> {
    const { servers, issuers, at, grants, drafts, registrations } = this.#cast;
    const roles = new Map<number, Role>();
    const set = (entry: number, kind: RoleKind, server: string | null, issuer: string | null, grant: string | null): void => {
      roles.set(entry, { kind, server, issuer, grant, tokens: this.#tokensOf.get(entry) ?? [] });
    };
    for (const { exchange } of this.#cast.resourceDocuments) {
      const owner = servers.find((server) => server.metadata.some((document) => document.exchange === exchange));
      const near = owner ?? servers.find((server) => originOf(server.url) === originOf(exchange.url));
      set(exchange.entry, 'protected-resource-metadata', near?.url ?? null, null, null);
    }
    for (const { exchange } of this.#cast.serverDocuments) {
      const owner = issuers.all.find((issuer) => issuer.metadata.some((document) => document.exchange === exchange));
      set(exchange.entry, 'authorization-server-metadata', null, owner?.issuer ?? null, null);
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
    for (const { exchange, issuer } of registrations) set(exchange.entry, 'registration', null, issuer, null);
    for (const [index, draft] of drafts.entries()) {
      const grant = grants[index];
      if (!grant) continue;
      const server = grant.server?.url ?? null;
      this.#castPages(draft, (entry) => set(entry, 'authorization-page', server, draft.issuer, grant.id));
      for (const entry of draft.authorization?.entries ?? []) set(entry, 'authorization-request', server, draft.issuer, grant.id);
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
    const origin = originOf(authorization.exchange.url);
    const until = (callback ?? token)?.exchange.sent ?? authorization.exchange.sent + MAX_PAGES_TIME;
    for (const { exchange, target } of this.#cast.between(authorization.exchange.sent - 1, until)) {
      if (target.origin === origin && isPage(exchange.resourceType, exchange.method)) set(exchange.entry);
    }
  }

  #castAll(): Map<number, Role> {
    const roles = new Map(this.authorization);
    const grantOf = new Map(this.#cast.tokens.map((token) => [token.value, token.grant?.id ?? null]));
    for (const server of this.#cast.servers) {
      for (const { exchange, credential } of server.calls) {
        const grant = credential === null ? null : (grantOf.get(credential) ?? null);
        const tokens = this.#tokensOf.get(exchange.entry) ?? [];
        roles.set(exchange.entry, { kind: 'mcp', server: server.url, issuer: null, grant, tokens });
      }
    }
    for (const { exchange } of this.#cast.model) {
      const tokens = this.#tokensOf.get(exchange.entry) ?? [];
      if (!roles.has(exchange.entry)) roles.set(exchange.entry, { kind: 'model', server: null, issuer: null, grant: null, tokens });
    }
    return roles;
  }
}

/** How long a user may sit on the login page when no response was seen, milliseconds. */
const MAX_PAGES_TIME = 600_000;

function isPage(resourceType: string | null, method: string): boolean {
  return resourceType === 'document' || (resourceType === null && (method === 'GET' || method === 'POST'));
}

function originOf(url: string): string | null {
  try {
    return new URL(url).origin;
  } catch {
    return null;
  }
}
