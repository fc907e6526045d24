import type { Exchange } from '../exchange/exchange.ts';
import type { Revision } from '../protocol/mcp.ts';
import { wellKnownKind } from '../protocol/metadata.ts';
import { readPlace } from '../protocol/url.ts';
import { Archive } from './archive.ts';
import { readAuthorizations, readCallbacks } from './authorizations.ts';
import { challengeWindow } from './chains.ts';
import { findClientDocuments } from './client-documents.ts';
import { findCrossOrigin, Preflights } from './cross-origin.ts';
import { findDiscovery } from './discovery.ts';
import { finishTokens } from './finished-tokens.ts';
import { bindChains } from './grant-chains.ts';
import { bindGrants, readTokenExchanges } from './grants.ts';
import { groupBy } from './group.ts';
import { isIncompleteRequest } from './incomplete-requests.ts';
import { type EndpointKind, Issuers } from './issuers.ts';
import type { Call, Chain, Story, Token, TokenExchange } from './model.ts';
import { bySent } from './order.ts';
import { ServerPreflights } from './preflights.ts';
import { type Reading, readExchange } from './reading.ts';
import { isOwnRequest } from './records.ts';
import { findRecoveries } from './recoveries.ts';
import { readClientDocuments, readRegistrations } from './registrations.ts';
import { Resources } from './resources.ts';
import { Roles } from './roles.ts';
import { bindServers, type ServerRecord } from './servers.ts';
import { readSessionEnds } from './session-ends.ts';
import { findStrayTokenRequests } from './stray-token-requests.ts';
import { findHostedErrors, findSurfaced } from './surfaced.ts';
import { TokenBook } from './token-book.ts';
import { findUnreadTokenRequests } from './unread-token-requests.ts';
import { ProxyUnwrapper } from './unwrap.ts';
import { findVisibleRetries } from './visible-retries.ts';

export interface StoryOptions {
  /** The MCP revision to judge by, in place of the negotiated one. */
  readonly revision?: Revision | null;
}

/** An exchange that was added, and what it turned out to be. */
export interface Replacement {
  readonly before: Exchange;
  readonly after: Exchange;
}

/**
 * Builds the story, exchange by exchange, in any order. Reading an exchange costs its own
 * share once; `story()` then binds the few exchanges that concern authorization, and takes
 * the many ordinary calls as they were filed.
 */
export class StoryBuilder {
  readonly #options: StoryOptions;
  readonly #unwrapper = new ProxyUnwrapper();
  readonly #archive = new Archive();
  readonly #preflights = new Preflights();
  readonly #serverPreflights = new ServerPreflights();
  #end = 0;
  #story: Story | null = null;

  constructor(options: StoryOptions = {}) {
    this.#options = options;
  }

  add(recorded: Exchange): void {
    this.#story = null;
    if (recorded.answered > this.#end) this.#end = recorded.answered;
    if (recorded.part === 'preflight') {
      this.#preflights.add(recorded);
      this.#serverPreflights.add(recorded);
    }
    if (!isOwnRequest(recorded)) return;
    const { exchange, again } = this.#unwrapper.unwrap(recorded);
    this.#archive.withdraw(again.map(({ entry }) => entry));
    for (const inner of exchange ? [exchange, ...again] : again) {
      const reading = readExchange(inner);
      if (reading) this.#archive.add(reading);
    }
  }

  /**
   * Takes exchanges in the place of those added before with the same `entry` (an open answer that ended, or
   * of which more was seen). False, and nothing done, where only a story told anew can show it.
   */
  replace(pairs: readonly Replacement[]): boolean {
    const alone = (exchange: Exchange): boolean => isOwnRequest(exchange) && !this.#unwrapper.remembers(exchange);
    if (!pairs.every(({ before, after }) => alone(before) && alone(after))) return false;
    this.#archive.withdraw(pairs.map(({ before }) => before.entry));
    for (const { after } of pairs) this.add(after);
    return true;
  }

  /** The log goes on until then, by exchanges that are none of the story's (milliseconds since the epoch). */
  goOnTo(answered: number): void {
    if (answered <= this.#end) return;
    this.#end = answered;
    this.#story = null;
  }

  /** The story so far. */
  story(): Story {
    this.#story ??= this.#bind();
    return this.#story;
  }

  #bind(): Story {
    const archive = this.#archive;
    const records = archive.servers;
    const { resourceDocuments, serverDocuments } = this.#documents(records);
    const servers = bindServers(records, resourceDocuments, this.#options.revision ?? null);
    const issuers = new Issuers(serverDocuments, [...new Set(servers.flatMap((server) => server.issuers))]);
    const at = (kind: EndpointKind): Reading[] =>
      issuers
        .endpointsOf(kind)
        .flatMap((url) => archive.at(url))
        .sort(bySent);

    const exchanges = readTokenExchanges(archive.hinted('token-request'), issuers);
    const authorizations = readAuthorizations(
      [...archive.hinted('authorization-request'), ...at('authorization').filter(isIncompleteRequest)].sort(bySent),
      at('pushed-authorization'),
      issuers,
    );
    const registrations = [
      ...readRegistrations(archive.hinted('registration'), at('registration'), issuers),
      ...readClientDocuments(authorizations, (endpoint) => archive.at(endpoint)),
    ].sort(bySent);
    const redirectUris = redirectEndpoints([
      ...authorizations.map(({ request }) => request.redirectUri),
      ...exchanges.map(({ request }) => request.redirectUri),
      ...registrations.flatMap(({ request, response }) => (request ?? response)?.redirectUris ?? []),
    ]);
    const callbacks = readCallbacks(archive.hinted('authorization-response'), archive.redirects, redirectUris);
    const tokens = new TokenBook();
    const drafts = bindGrants(authorizations, callbacks, exchanges, tokens);
    noteUses(tokens, exchanges, records);

    const serverOfToken = (token: string): string | null => firstUser(token, records);
    const ends = readSessionEnds(at('revocation'), at('end-session'), issuers, drafts, serverOfToken);
    const { chains, grants } = bindChains(drafts, {
      servers,
      resources: new Resources(servers),
      serverOfToken,
      refusedBefore: (server, time) => archive.server(server.url)?.refusedBetween(...challengeWindow(time)) ?? [],
      ends,
      registrations,
    });
    const finished = finishTokens(tokens, grants, (value) => archive.uses(value), exchanges);
    const { turns } = archive;
    const surfaced = findSurfaced(turns, servers);
    const chainOf = chainFinder(chains, finished);
    const readingOf = (entry: number): Reading | null => archive.entry(entry);
    const roles = new Roles({
      servers,
      issuers,
      resourceDocuments,
      serverDocuments,
      at,
      grants,
      drafts,
      tokens: finished,
      registrations,
      model: servers.length > 0 ? turns : [],
      pages: (origin) => archive.pages(origin),
      readingOf,
    });
    return {
      servers,
      authorizationServers: issuers.all,
      unreadMetadata: serverDocuments.map(({ exchange }) => exchange).filter(isUnread),
      discovery: findDiscovery(
        [...resourceDocuments, ...serverDocuments],
        servers,
        grants.map(({ issuer }) => issuer),
      ),
      registrations,
      clientDocuments: findClientDocuments(authorizations, (endpoint) => archive.at(endpoint)),
      chains,
      grants,
      tokens: finished,
      strayTokenRequests: findStrayTokenRequests(at('token'), servers, issuers),
      unreadTokenRequests: findUnreadTokenRequests(at('token'), issuers),
      recoveries: servers.flatMap((server) => findRecoveries(server, chainOf, surfaced, this.#end)),
      surfaced,
      visibleRetries: findVisibleRetries(turns, servers),
      hostedErrors: findHostedErrors(turns, servers),
      roleOf: (entry) => roles.of(entry),
      get roles() {
        return roles.all;
      },
      get rolesBesideCalls() {
        return roles.besideCalls;
      },
      crossOrigin: findCrossOrigin(roles.authorization, readingOf, this.#preflights),
      preflights: this.#serverPreflights.of(servers),
      sanitized: this.#isSanitized(records, exchanges),
      sessionEnds: ends,
      sightings: (secret, beside) => archive.sightings(secret, beside),
      isSighted: (secret) => archive.isSighted(secret),
      end: this.#end,
    };
  }

  /** Fetches of metadata: by their well-known URL, or by one that a challenge named. */
  #documents(records: readonly ServerRecord[]): { resourceDocuments: Reading[]; serverDocuments: Reading[] } {
    const wellKnown = this.#archive.hinted('well-known');
    const named = new Set(records.flatMap((record) => [...record.namedMetadataUrls]));
    const endpoints = new Set(
      [...named].flatMap((url) => (wellKnownKind(url) ? [] : (readPlace(url)?.endpoint ?? []))),
    );
    return {
      resourceDocuments: [
        ...wellKnown.filter(({ exchange }) => wellKnownKind(exchange.url) === 'protected-resource'),
        ...[...endpoints].flatMap((endpoint) => this.#archive.at(endpoint)),
      ].sort(bySent),
      serverDocuments: wellKnown.filter(({ exchange }) => wellKnownKind(exchange.url) !== 'protected-resource'),
    };
  }

  /** Guard G19: tokens were issued or needed, calls succeeded, and yet no request shows a credential. */
  #isSanitized(records: readonly ServerRecord[], exchanges: readonly TokenExchange[]): boolean {
    if (this.#archive.hasCredentials) return false;
    const issued = exchanges.some(({ exchange }) => exchange.response.status === 200);
    return records.some(({ refused, lastSuccess }) => {
      const needed = refused[0]?.exchange.sent ?? Number.POSITIVE_INFINITY;
      return lastSuccess > (issued ? Number.NEGATIVE_INFINITY : needed);
    });
  }
}

function redirectEndpoints(uris: readonly (string | null)[]): Set<string> {
  return new Set(uris.flatMap((uri) => (uri === null ? [] : [readPlace(uri)?.endpoint ?? uri])));
}

/** Names the tokens that requests carried, also those that no response of the log issued. */
function noteUses(tokens: TokenBook, exchanges: readonly TokenExchange[], records: readonly ServerRecord[]): void {
  for (const { request, exchange } of exchanges)
    if (request.refreshToken) tokens.use(request.refreshToken, 'refresh', exchange);
  for (const record of records) {
    for (const [credential, call] of record.credentials) tokens.use(credential, 'access', call.exchange);
  }
}

/** URL of the server that a token was sent to first. */
function firstUser(token: string, records: readonly ServerRecord[]): string | null {
  const [first] = records.flatMap(({ credentials }) => credentials.get(token) ?? []).sort(bySent);
  return first?.server ?? null;
}

/** The chain of a call: its token's, else the only one of its server. */
function chainFinder(chains: readonly Chain[], tokens: readonly Token[]): (call: Call) => Chain | null {
  const byId = new Map(chains.map((chain) => [chain.id, chain]));
  const byToken = new Map(tokens.map(({ value, grant }) => [value, grant ? (byId.get(grant.chain) ?? null) : null]));
  const byServer = groupBy(chains, ({ server }) => server?.url);
  return (call) => {
    const known = call.credential === null ? null : (byToken.get(call.credential) ?? null);
    if (known) return known;
    const there = byServer.get(call.server) ?? [];
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
