import type { Exchange } from '../../exchange/exchange.ts';
import { endpointOf, readPlace } from '../../protocol/url.ts';
import { isSameIssuer } from '../../story/issuers.ts';
import type { Call, Server, ServerMetadata, Story, Token } from '../../story/model.ts';
import { firstAfter } from '../../story/order.ts';
import { speaks } from '../../story/revisions.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { memberOf } from '../shared/evidence/document.ts';
import { tokenRequestOf } from '../shared/evidence/evidence.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type CarriedToken, carriedTokens, credentialOf } from '../shared/tokens/carried-tokens.ts';
import { namesServer, resourcesOf } from '../shared/tokens/token-origin.ts';

/** RFC 9700 section 4.9: a token sent to a stranger can be used by the stranger. */
export const rule = defineRule({
  id: 'token-from-servers-as',
  title: 'Token of another authorization server or resource sent to the MCP server',
  party: 'client',
  level: 'error',
  since: '2025-06-18',
  spec: [
    mcp('2026-07-28', 'token-handling'),
    mcp('2025-11-25', 'token-handling'),
    mcp('2025-06-18', 'token-handling'),
    rfc(8707, '2'),
    rfc(9700, '4.9.1'),
  ],
  fix: 'Keep tokens by issuer and resource, and send a server only tokens that its own authorization server issued for it.',
  *judge(story) {
    const endpoints = new TokenEndpoints(story);
    for (const carried of carriedTokens(story)) {
      const judgement = judge(story, carried, endpoints);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, carried: CarriedToken, endpoints: TokenEndpoints): Judgement | null {
  const { token, server, first } = carried;
  const subject = server.url;
  const occasion = token.id;
  const { issuedBy } = token;
  // Where it came from is not in the log; an id_token is another rule's matter.
  if (token.kind !== 'access' || !issuedBy) return null;
  const seen = [credentialOf(first, 'the access token'), tokenRequestOf(issuedBy)];
  if (speaks(server, '2025-06-18') === false) {
    const message = `MCP ${server.revision} has no protected resource metadata to hold it against.`;
    return { kind: 'notApplicable', subject, occasion, message, evidence: seen };
  }
  const foreign = foreignResource(story, token, server);
  if (foreign) {
    const message = `The client sent this server a token that it had got for ${foreign}.`;
    return { kind: 'fail', subject, occasion, message, evidence: seen };
  }
  if (!server.metadata.some(({ metadata }) => metadata.authorizationServers.length > 0)) {
    const message = 'Which authorization servers this server trusts is not in the log.';
    return { kind: 'open', subject, occasion, message, evidence: seen, missing: ['protected-resource-metadata'] };
  }
  const issuers = endpoints.issuersOf(issuedBy.exchange.url);
  const wrong = firstAgainst(carried, issuers, endpoints);
  if (!wrong && isBeforeMetadata(carried, issuers, endpoints)) {
    const message = 'Which authorization servers this server named when the token was sent is not in the log.';
    return { kind: 'open', subject, occasion, message, evidence: seen, missing: ['protected-resource-metadata'] };
  }
  if (!wrong) {
    const message = "The token was issued by one of the server's authorization servers.";
    return { kind: 'pass', subject, occasion, message, evidence: seen };
  }
  const { call, document } = wrong;
  const listed = document.metadata.authorizationServers.join(', ');
  const shown = [
    credentialOf(call, 'the access token'),
    tokenRequestOf(issuedBy),
    memberOf(document.exchange, 'authorization_servers', listed),
  ];
  if (issuers.length === 0) {
    const message = 'Whose token endpoint issued the token is not in the log.';
    return { kind: 'open', subject, occasion, message, evidence: shown, missing: ['authorization-server-metadata'] };
  }
  const message = `The client sent a token of ${issuers.join(', ')} to a server whose metadata names ${listed} only.`;
  return { kind: 'fail', subject, occasion, message, evidence: shown };
}

/**
 * The first call with the token for which the metadata fetched last before it names none of the issuers. What another
 * tab read while the token was already there, or its sign-in under way, this client need not know.
 */
function firstAgainst(
  { token, server, calls }: CarriedToken,
  issuers: readonly string[],
  endpoints: TokenEndpoints,
): { readonly call: Call; readonly document: ServerMetadata } | null {
  const documents = server.metadata.toSorted((one, other) => one.exchange.answered - other.exchange.answered);
  for (const [index, document] of documents.entries()) {
    const named = document.metadata.authorizationServers;
    if (named.length === 0 || issuers.some((issuer) => endpoints.isOneOf(issuer, named))) continue;
    const call = calls[firstAfter(calls, document.exchange.answered, ({ exchange }) => exchange.sent)];
    const until = documents[index + 1]?.exchange.answered ?? Number.POSITIVE_INFINITY;
    if (!call || call.exchange.sent >= until) continue;
    const began = (token.grant?.authorization ?? token.grant?.token)?.exchange.sent ?? Number.NEGATIVE_INFINITY;
    if (isElsewhere(document.exchange, call.exchange) && began < document.exchange.answered) continue;
    return { call, document };
  }
  return null;
}

function isElsewhere({ page }: Exchange, other: Exchange): boolean {
  return page !== null && other.page !== null && page !== other.page;
}

/** No document was read before the last call with the token, and the one that came after names none of the issuers. */
function isBeforeMetadata(
  { server, calls }: CarriedToken,
  issuers: readonly string[],
  endpoints: TokenEndpoints,
): boolean {
  const [earliest] = server.metadata.toSorted((one, other) => one.exchange.answered - other.exchange.answered);
  const named = earliest?.metadata.authorizationServers ?? [];
  if (!earliest || named.length === 0 || issuers.some((issuer) => endpoints.isOneOf(issuer, named))) return false;
  return calls.every(({ exchange }) => exchange.sent <= earliest.exchange.answered);
}

/**
 * The resource that the token was asked for, where it is another MCP server of the log and the token's own
 * audience does not name this one (servers behind one gateway may share both). Of an address at the same origin without
 * metadata of its own nobody knows that it is another resource: the older HTTP+SSE transport takes messages there.
 */
function foreignResource(story: Story, token: Token, server: Server): string | null {
  const resources = resourcesOf(token);
  if (resources.length === 0 || resources.some((resource) => namesServer(resource, server))) return null;
  if (token.jwt?.audience.some((audience) => namesServer(audience, server))) return null;
  const origin = server.metadata.length === 0 ? readPlace(server.url)?.origin : undefined;
  const others = story.servers.filter((other) => other !== server && readPlace(other.url)?.origin !== origin);
  return resources.find((resource) => others.some((other) => namesServer(resource, other))) ?? null;
}

/** Which issuers a token endpoint belongs to, by the metadata in the log. */
class TokenEndpoints {
  readonly #issuers = new Map<string, Set<string>>();
  /** Issuers in whose place a document with another `issuer` was found: that is another rule's matter. */
  readonly #placed = new Map<string, Set<string>>();

  constructor(story: Story) {
    const places = new Map(story.discovery.map(({ exchange, issuers }) => [exchange, issuers]));
    for (const { issuer, metadata } of story.authorizationServers) {
      for (const document of metadata) {
        const endpoint = document.metadata.tokenEndpoint;
        if (endpoint !== null) addTo(this.#issuers, endpointOf(endpoint), issuer);
        for (const place of places.get(document.exchange) ?? []) addTo(this.#placed, issuer, place);
      }
    }
  }

  issuersOf(url: string): readonly string[] {
    return [...(this.#issuers.get(endpointOf(url)) ?? [])];
  }

  isOneOf(issuer: string, named: readonly string[]): boolean {
    const places = [issuer, ...(this.#placed.get(issuer) ?? [])];
    return named.some((one) => places.some((place) => isSameIssuer(one, place)));
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}
