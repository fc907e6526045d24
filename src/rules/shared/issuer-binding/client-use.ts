import type { Exchange } from '../../../exchange/exchange.ts';
import { readPlace } from '../../../protocol/url.ts';
import { clientIdOf } from '../../../story/client-id.ts';
import { groupBy } from '../../../story/group.ts';
import { isSameIssuer, issuerKey } from '../../../story/issuers.ts';
import type { Grant, Registration, Server, Story, TokenExchange } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import type { Missing } from '../../missing.ts';
import type { Evidence } from '../../outcome.ts';
import { parameterOf } from '../evidence/parameters.ts';
import { tokenClientOf } from '../registration/client-id.ts';
import { clientErrorOf, refusesClient } from '../registration/client-verdict.ts';
import { everNamed } from './migration.ts';

/** A client identifier sent to an authorization server on behalf of an MCP server. */
export interface ClientUse {
  readonly grant: Grant;
  readonly server: Server;
  readonly issuer: string;
  readonly exchange: Exchange;
  readonly clientId: string;
  readonly shown: Evidence;
  /** null for an authorization request. */
  readonly request: TokenExchange | null;
  /** The authorization server refused the client: the consequence of a wrong id. */
  readonly refused: boolean;
}

/**
 * Every use of a client identifier for an MCP server, in time order. A refresh with a token of another
 * authorization server is left out: `refresh-to-issuing-as` speaks of it.
 */
export const clientUses = oncePer((story: Story): readonly ClientUse[] => {
  const issuers = refreshTokenIssuers(story);
  const uses: ClientUse[] = [];
  for (const grant of story.grants) {
    const { server, authorization, token, refreshes } = grant;
    if (!server) continue;
    const asked = authorization?.request.clientId ?? null;
    if (authorization && asked !== null && asked !== '') {
      const { issuer, exchange } = authorization;
      uses.push({
        grant,
        server,
        issuer,
        exchange,
        clientId: asked,
        shown: parameterOf(authorization, 'client_id'),
        request: null,
        refused: clientErrorOf(grant) !== null,
      });
    }
    for (const request of token ? [token, ...refreshes] : refreshes) {
      const clientId = clientIdOf(request);
      const home = issuers.get(request.request.refreshToken ?? '');
      if (clientId === null || clientId === '' || (home !== undefined && !isSameIssuer(home, request.issuer))) continue;
      uses.push({
        grant,
        server,
        issuer: request.issuer,
        exchange: request.exchange,
        clientId,
        shown: tokenClientOf(request),
        request,
        refused: refusesClient(request),
      });
    }
  }
  return uses.sort((one, other) => one.exchange.sent - other.exchange.sent);
});

/** The issuer of each refresh token whose token response the log holds. */
const refreshTokenIssuers = oncePer((story: Story): ReadonlyMap<string, string> => {
  const issued = story.tokens.filter(({ kind, issuedBy }) => kind === 'refresh' && issuedBy !== null);
  return new Map(issued.map(({ value, issuedBy }) => [value, issuedBy?.issuer ?? '']));
});

/** Dynamic registrations by the identifier they gave. */
export const issuedIds = oncePer((story: Story): ReadonlyMap<string, readonly Registration[]> => {
  const dynamic = story.registrations.filter(({ source, clientId }) => source !== 'cimd' && clientId !== null);
  return groupBy(dynamic, ({ clientId }) => clientId ?? '');
});

/**
 * Whether a URL is one of an issuer's own endpoints, by any of its documents. Two issuers may share one
 * (guard G6), and an issuer may have moved it.
 */
export function ownsEndpoint(story: Story, issuer: string, url: string): boolean {
  const endpoint = readPlace(url)?.endpoint;
  return story.authorizationServers.some(
    (known) =>
      isSameIssuer(known.issuer, issuer) &&
      known.metadata.some(({ metadata }) =>
        [metadata.authorizationEndpoint, metadata.tokenEndpoint, metadata.parEndpoint].some(
          (own) => own !== null && readPlace(own)?.endpoint === endpoint,
        ),
      ),
  );
}

/** Whether an issuer is one by its own or a server's word, not only the origin of an endpoint whose metadata was not seen. */
export function isKnownIssuer(story: Story, issuer: string): boolean {
  const named = (known: string): boolean => isSameIssuer(known, issuer);
  return (
    story.authorizationServers.some((known) => named(known.issuer)) ||
    story.servers.some(({ issuers }) => issuers.some(named))
  );
}

/** Whose an identifier is, at the authorization server it is sent to. */
export type Origin =
  | { readonly kind: 'own'; readonly registration: Registration }
  /** Registered elsewhere in this log, and not here. */
  | { readonly kind: 'foreign'; readonly registration: Registration }
  /** Registered elsewhere, but which issuer is meant is not known, or an id so plain that several may give it. */
  | { readonly kind: 'doubtful'; readonly registration: Registration; readonly missing: Missing }
  | { readonly kind: 'unknown' };

export function originOf(story: Story, use: ClientUse, ids: ReadonlyMap<string, readonly Registration[]>): Origin {
  const registrations = ids.get(use.clientId) ?? [];
  const [first] = registrations;
  if (!first) return { kind: 'unknown' };
  const own = registrations.find(
    ({ issuer }) => isSameIssuer(issuer, use.issuer) || ownsEndpoint(story, issuer, use.exchange.url),
  );
  if (own) return { kind: 'own', registration: own };
  const elsewhere = registrations.filter(({ exchange }) => exchange.sent <= use.exchange.sent).at(-1) ?? first;
  if (!isKnownIssuer(story, use.issuer) || !isKnownIssuer(story, elsewhere.issuer)) {
    return { kind: 'doubtful', registration: elsewhere, missing: 'authorization-server-metadata' };
  }
  const sameServer = everNamed(use.server).has(issuerKey(elsewhere.issuer));
  if (!sameServer && !isUnmistakable(use.clientId))
    return { kind: 'doubtful', registration: elsewhere, missing: 'client-registration' };
  return { kind: 'foreign', registration: elsewhere };
}

/** A generated identifier is its issuer's alone; a name such as `my-client` may be given by several. */
function isUnmistakable(clientId: string): boolean {
  return clientId.length >= 16 && [...clientId].some((character) => character >= '0' && character <= '9');
}
