import type { Exchange } from '../exchange/exchange.ts';
import type { Revision } from '../protocol/mcp.ts';
import { wellKnownKind } from '../protocol/metadata.ts';
import { readClientMetadata } from '../protocol/registration.ts';
import { readTarget } from '../protocol/url.ts';
import { readAuthorizations, readCallbacks } from './authorizations.ts';
import { readCall } from './calls.ts';
import { bindServer, findCause, startsAnew } from './chains.ts';
import { findCrossOrigin } from './cross-origin.ts';
import { beganAt, bindGrants, type GrantDraft, readTokenExchanges } from './grants.ts';
import { type EndpointKind, Issuers, isSameIssuer } from './issuers.ts';
import type { Call, Chain, Grant, Registration, Server, SessionEnd, Story, Token } from './model.ts';
import { firstAfter, insertByTime } from './order.ts';
import { type Reading, readExchange } from './reading.ts';
import { findRecoveries } from './recoveries.ts';
import { Roles } from './roles.ts';
import { WordIndex } from './sightings.ts';
import { findDiscovery } from './discovery.ts';
import { bindServers, ServerRecord } from './servers.ts';
import { findHostedErrors, findSurfaced } from './surfaced.ts';
import { makeToken, TokenBook } from './token-book.ts';
import { ProxyUnwrapper } from './unwrap.ts';
import { findVisibleRetries } from './visible-retries.ts';

export interface StoryOptions {
  /** The MCP revision to judge by, in place of the negotiated one. */
  readonly revision?: Revision | null;
}

/** Longer bodies of MCP calls are not searched for secrets, characters. */
const MAX_WORDS_BODY = 65_536;

/** An MCP endpoint needs this many points (rules.md B.1). */
const MCP_THRESHOLD = 3;

/**
 * Builds the story, exchange by exchange, in any order. Reading an exchange costs its own
 * share once; `story()` then binds the few exchanges that concern authorization, and takes
 * the many ordinary calls as they were filed.
 */
export class StoryBuilder {
  readonly #options: StoryOptions;
  readonly #unwrapper = new ProxyUnwrapper();
  readonly #byEndpoint = new Map<string, Reading[]>();
  readonly #byHint = new Map<Reading['hint'], Reading[]>();
  readonly #byEntry = new Map<number, Reading>();
  readonly #inOrder: Reading[] = [];
  readonly #redirects: Reading[] = [];
  readonly #preflights: Exchange[] = [];
  readonly #servers = new Map<string, ServerRecord>();
  /** Entries whose request carried a credential, by its value. */
  readonly #uses = new Map<string, number[]>();
  readonly #words = new WordIndex();
  #anyCredential = false;
  #end = 0;
  #story: Story | null = null;

  constructor(options: StoryOptions = {}) {
    this.#options = options;
  }

  add(recorded: Exchange): void {
    this.#story = null;
    if (recorded.answered > this.#end) this.#end = recorded.answered;
    if (recorded.part === 'preflight') this.#preflights.push(recorded);
    if (recorded.part !== 'request') return;
    const exchange = this.#unwrapper.unwrap(recorded);
    const reading = exchange && readExchange(exchange);
    if (!exchange || !reading) return;
    this.#byEntry.set(exchange.entry, reading);
    this.#words.add(reading, reading.mcpScore === 0 || exchange.request.body.text.length < MAX_WORDS_BODY);
    file(this.#inOrder, reading);
    if (reading.credential) this.#anyCredential = true;
    if (reading.credential && reading.credential.scheme !== 'other')
      append(this.#uses, reading.credential.value, exchange.entry);
    if (exchange.response.location !== null) file(this.#redirects, reading);
    const sameEndpoint = this.#byEndpoint.get(reading.target.endpoint) ?? [];
    this.#byEndpoint.set(reading.target.endpoint, sameEndpoint);
    file(sameEndpoint, reading);
    if (reading.hint !== 'other') {
      const sameHint = this.#byHint.get(reading.hint) ?? [];
      this.#byHint.set(reading.hint, sameHint);
      file(sameHint, reading);
    }
    this.#fileCall(reading, sameEndpoint);
  }

  /** The story so far. */
  story(): Story {
    this.#story ??= this.#bind();
    return this.#story;
  }

  #fileCall(reading: Reading, sameEndpoint: readonly Reading[]): void {
    const url = reading.target.endpoint;
    const known = this.#servers.get(url);
    if (known) {
      if (reading.hint === 'other' || reading.hint === 'model') known.add(readCall(reading, url));
      return;
    }
    if (reading.mcpScore < MCP_THRESHOLD) return;
    const record = new ServerRecord(url);
    this.#servers.set(url, record);
    for (const earlier of sameEndpoint) if (earlier.hint === 'other') record.add(readCall(earlier, url));
  }

  #hinted(hint: Reading['hint']): readonly Reading[] {
    return this.#byHint.get(hint) ?? [];
  }

  /** Readings sent from one time to another, in order. */
  #between(from: number, to: number): readonly Reading[] {
    const sent = ({ exchange }: Reading): number => exchange.sent;
    return this.#inOrder.slice(firstAfter(this.#inOrder, from, sent), firstAfter(this.#inOrder, to, sent));
  }

  #bind(): Story {
    const wellKnown = this.#hinted('well-known');
    const records = [...this.#servers.values()];
    const challenged = new Set(records.flatMap((record) => [...record.metadataUrls]));
    const resourceDocuments = [
      ...wellKnown.filter(({ exchange }) => wellKnownKind(exchange.url) === 'protected-resource'),
      ...[...challenged].flatMap((url) =>
        wellKnownKind(url) ? [] : (this.#byEndpoint.get(readTarget(url)?.endpoint ?? '') ?? []),
      ),
    ];
    const serverDocuments = wellKnown.filter(({ exchange }) => wellKnownKind(exchange.url) !== 'protected-resource');
    const servers = bindServers(records, resourceDocuments, this.#options.revision ?? null);
    const issuers = new Issuers(serverDocuments, [...new Set(servers.flatMap((server) => server.issuers))]);
    const at = (kind: EndpointKind): Reading[] =>
      [...issuers.endpoints].flatMap(([url, owners]) =>
        owners.some((owner) => owner.kind === kind) ? (this.#byEndpoint.get(url) ?? []) : [],
      );

    const tokens = new TokenBook();
    const exchanges = readTokenExchanges(this.#hinted('token-request'), issuers);
    const asked = [...new Set([...this.#hinted('authorization-request'), ...at('authorization')])]
      .filter(({ hint }) => hint === 'authorization-request')
      .sort((one, other) => one.exchange.sent - other.exchange.sent);
    const authorizations = readAuthorizations(asked, at('pushed-authorization'), issuers);
    const registrations = readRegistrations(this.#hinted('registration'), at('registration'), issuers);
    const redirectUris = new Set(
      [
        ...authorizations.map(({ request }) => request.redirectUri),
        ...exchanges.map(({ request }) => request.redirectUri),
        ...registrations.flatMap(({ request }) => request?.redirectUris ?? []),
      ].flatMap((uri) => (uri === null ? [] : [readTarget(uri)?.endpoint ?? uri])),
    );
    const callbacks = readCallbacks(this.#hinted('authorization-response'), this.#redirects, redirectUris);
    const drafts = bindGrants(authorizations, callbacks, exchanges, tokens);
    for (const exchange of exchanges) {
      if (exchange.request.refreshToken) tokens.use(exchange.request.refreshToken, 'refresh', exchange.exchange);
    }
    for (const record of records) {
      for (const [credential, call] of record.credentials) tokens.use(credential, 'access', call.exchange);
    }

    const ends = [...at('revocation'), ...at('end-session')].flatMap(({ exchange, target }): SessionEnd[] =>
      exchange.response.status >= 200 && exchange.response.status < 400
        ? [{ issuer: ownerOf(issuers, target.endpoint), at: exchange.sent }]
        : [],
    );
    const bound = this.#bindChains(drafts, { servers, ends, registrations });
    const finished = finishTokens(tokens, bound.grants, this.#uses, exchanges);
    const surfaced = findSurfaced(this.#hinted('model'), servers);
    const chainOf = chainFinder(bound.chains, finished);
    const recoveries = servers.flatMap((server) => findRecoveries(server, chainOf, surfaced, this.#end));
    const roles = new Roles({
      servers,
      issuers,
      resourceDocuments,
      serverDocuments,
      at,
      grants: bound.grants,
      drafts,
      tokens: finished,
      registrations,
      model: servers.length > 0 ? this.#hinted('model') : [],
      between: (from, to) => this.#between(from, to),
    });
    return {
      servers,
      authorizationServers: issuers.all,
      unreadMetadata: serverDocuments.map(({ exchange }) => exchange).filter(isUnread),
      discovery: findDiscovery([...resourceDocuments, ...serverDocuments], servers, bound.grants.map(({ issuer }) => issuer)),
      registrations,
      chains: bound.chains,
      grants: bound.grants,
      tokens: finished,
      recoveries,
      surfaced,
      visibleRetries: findVisibleRetries(this.#hinted('model'), servers),
      hostedErrors: findHostedErrors(this.#hinted('model'), servers),
      get roles() {
        return roles.all;
      },
      crossOrigin: findCrossOrigin(roles.authorization, (entry) => this.#byEntry.get(entry) ?? null, this.#preflights),
      sanitized: this.#isSanitized(records),
      sessionEnds: ends,
      sightings: (secret) => this.#words.find(secret),
      end: this.#end,
    };
  }

  #bindChains(drafts: readonly GrantDraft[], world: World): { chains: Chain[]; grants: Grant[] } {
    const serverOfToken = (token: string): string | null => {
      for (const [url, record] of this.#servers) if (record.credentials.has(token)) return url;
      return null;
    };
    const open = new Map<string, OpenChain>();
    const chains: OpenChain[] = [];
    const grants: Grant[] = [];
    for (const draft of drafts) {
      const server = bindServer(draft, { servers: world.servers, serverOfToken });
      const key = [draft.clientId, draft.issuer, server?.url].join('\n');
      const before = open.get(key);
      const last = before?.drafts.at(-1);
      const continues = before !== undefined && last !== undefined && !startsAnew(last, draft, world.ends);
      const chain: OpenChain = continues
        ? before
        : newChain(`c${chains.length + 1}`, server, draft, world.registrations);
      if (!continues) chains.push(chain);
      open.set(key, chain);
      const { cause, challenges } = findCause(draft, chain.drafts, server?.refused ?? []);
      chain.drafts.push(draft);
      const grant = finishGrant(draft, `g${grants.length + 1}`, chain, cause, challenges);
      chain.grants.push(grant);
      grants.push(grant);
    }
    return { chains, grants };
  }

  /** Guard G19: tokens were issued or needed, calls succeeded, and yet no request shows a credential. */
  #isSanitized(records: readonly ServerRecord[]): boolean {
    if (this.#anyCredential) return false;
    const issued = this.#hinted('token-request').some(({ exchange }) => exchange.response.status === 200);
    return records.some((record) => {
      const refusedFirst = record.refused[0]?.exchange.sent ?? Number.POSITIVE_INFINITY;
      return record.calls.some(
        (call) => call.status >= 200 && call.status < 300 && (issued || call.exchange.sent > refusedFirst),
      );
    });
  }
}

interface World {
  readonly servers: readonly Server[];
  readonly ends: readonly SessionEnd[];
  readonly registrations: readonly Registration[];
}

interface OpenChain extends Chain {
  readonly drafts: GrantDraft[];
  readonly grants: Grant[];
}

function newChain(
  id: string,
  server: Server | null,
  draft: GrantDraft,
  registrations: readonly Registration[],
): OpenChain {
  const registration =
    registrations.findLast(
      (known) =>
        known.clientId !== null && known.clientId === draft.clientId && isSameIssuer(known.issuer, draft.issuer),
    ) ?? soleUnreadRegistration(draft, registrations);
  return { id, server, issuer: draft.issuer, clientId: draft.clientId, registration, drafts: [], grants: [] };
}

/** A registration whose answer was not recorded is the client's own if no other can be meant. */
function soleUnreadRegistration(draft: GrantDraft, registrations: readonly Registration[]): Registration | null {
  const there = registrations.filter(
    (known) => isSameIssuer(known.issuer, draft.issuer) && known.exchange.sent <= beganAt(draft),
  );
  const [only] = there;
  return there.length === 1 && only && only.clientId === null && only.exchange.response.status < 300 ? only : null;
}

function finishGrant(
  draft: GrantDraft,
  id: string,
  chain: OpenChain,
  cause: Grant['cause'],
  challenges: readonly Call[],
): Grant {
  const { authorization, callback, token, refreshes } = draft;
  const requested = authorization?.request.scope ?? null;
  const response = token?.response ?? null;
  const issued = response !== null && response.accessToken !== null;
  const grantedExplicit = issued ? response.scope : null;
  return {
    id,
    chain: chain.id,
    server: chain.server,
    issuer: draft.issuer,
    clientId: draft.clientId,
    cause,
    challenges,
    authorization,
    callback,
    token,
    refreshes,
    requested,
    granted: grantedExplicit ?? (issued ? requested : null),
    grantedExplicit,
    refreshToken: issued ? response.refreshToken !== null : null,
  };
}

function readRegistrations(
  hinted: readonly Reading[],
  atEndpoint: readonly Reading[],
  issuers: Issuers,
): Registration[] {
  const all = [...new Set([...hinted, ...atEndpoint.filter(({ exchange }) => exchange.method === 'POST')])];
  all.sort((one, other) => one.exchange.sent - other.exchange.sent);
  return all.map(({ exchange, target }) => {
    const response = readClientMetadata(exchange.response.body.text);
    return {
      exchange,
      issuer: issuers.issuerOf(target.endpoint, 'registration'),
      clientId: response?.clientId ?? null,
      request: readClientMetadata(exchange.request.body.text),
      response,
    };
  });
}

function finishTokens(
  book: TokenBook,
  grants: readonly Grant[],
  uses: ReadonlyMap<string, readonly number[]>,
  exchanges: readonly { readonly exchange: Exchange; readonly request: { readonly refreshToken: string | null } }[],
): Token[] {
  const counts = { access: 0, refresh: 0, id: 0 };
  const grantOf = new Map(
    grants.flatMap((grant) => [grant.token, ...grant.refreshes].map((by) => [by, grant] as const)),
  );
  const inOrder = [...book.all].sort((one, other) => one.seen.sent - other.seen.sent);
  const refreshUses = new Map<string, number[]>();
  for (const { exchange, request } of exchanges) {
    if (request.refreshToken !== null) append(refreshUses, request.refreshToken, exchange.entry);
  }
  return inOrder.map((entry) => {
    counts[entry.kind] += 1;
    const entries = [...(uses.get(entry.value) ?? []), ...(refreshUses.get(entry.value) ?? [])];
    const grant = grantOf.get(entry.issuedBy) ?? adoptedBy(entry.value, entry.seen, grants);
    return makeToken(
      entry,
      counts[entry.kind],
      entry.issuedBy || grant ? grant : null,
      entries.sort((one, other) => one - other),
    );
  });
}

/**
 * A token whose token response the log lacks (its page closed) belongs to the grant that its own
 * claims name: same client and issuer, issued between that grant's code exchange and the next.
 */
function adoptedBy(value: string, seen: Exchange, grants: readonly Grant[]): Grant | null {
  const claims = makeToken({ value, kind: 'access', issuedBy: null, seen }, 0, null, []).jwt;
  if (!claims || claims.issuedAt === null) return null;
  const issuedAt = claims.issuedAt;
  return (
    grants.findLast(
      ({ token, clientId, issuer }) =>
        token !== null &&
        token.response === null &&
        clientId !== null &&
        claims.clientId === clientId &&
        isSameIssuer(claims.issuer ?? '', issuer) &&
        // `iat` has whole seconds.
        issuedAt >= Math.floor(token.exchange.sent / 1000) * 1000 &&
        issuedAt <= token.exchange.answered + 1000 &&
        token.exchange.sent <= seen.sent,
    ) ?? null
  );
}

function chainFinder(chains: readonly Chain[], tokens: readonly Token[]): (call: Call) => Chain | null {
  const byId = new Map(chains.map((chain) => [chain.id, chain]));
  const byToken = new Map(
    tokens.map((token) => [token.value, token.grant ? (byId.get(token.grant.chain) ?? null) : null]),
  );
  return (call) => {
    const known = call.credential === null ? null : (byToken.get(call.credential) ?? null);
    if (known) return known;
    const there = chains.filter((chain) => chain.server?.url === call.server);
    return there.length === 1 ? (there[0] ?? null) : null;
  };
}

function isUnread({ response }: Exchange): boolean {
  return (
    response.body.text === '' &&
    response.body.state === 'missing' &&
    (response.status === 200 || response.status === 304)
  );
}

function ownerOf(issuers: Issuers, endpoint: string): string {
  return issuers.endpoints.get(endpoint)?.[0]?.issuer ?? endpoint;
}

function file(readings: Reading[], reading: Reading): void {
  insertByTime(readings, reading, ({ exchange }) => exchange.sent);
}

function append<K>(map: Map<K, number[]>, key: K, entry: number): void {
  const entries = map.get(key);
  if (entries) entries.push(entry);
  else map.set(key, [entry]);
}
