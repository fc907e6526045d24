import type { Exchange } from '../../../exchange/exchange.ts';
import type { Range } from '../../../protocol/range.ts';
import { readPlace } from '../../../protocol/url.ts';
import { isSameIssuer } from '../../../story/issuers.ts';
import type { AuthorizationServerDocument, Registration, Server, Story } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { firstAfter } from '../../../story/order.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence } from '../evidence/evidence.ts';
import { memberAnswered, memberSent } from '../evidence/members.ts';
import { short } from '../evidence/short.ts';

/** A registration request (RFC 7591 section 3.1) with the MCP server it was made for. */
export interface BoundRegistration {
  readonly registration: Registration;
  readonly server: Server;
}

/**
 * The dynamic registrations that belong to an MCP server, in time order (guard G21): the one whose chain
 * uses the client, else the one whose metadata names the issuer, or whose origin it is where there is no metadata.
 */
export const boundRegistrations = oncePer((story: Story): readonly BoundRegistration[] => {
  const users = new Map<Registration, Server>();
  for (const { registration, server } of story.chains)
    if (registration && server && !users.has(registration)) users.set(registration, server);
  const endpoints = registrationEndpoints(story);
  return story.registrations.flatMap((registration): BoundRegistration[] => {
    if (registration.source === 'cimd') return [];
    const user = users.get(registration);
    if (user) return [{ registration, server: user }];
    const endpoint = readPlace(registration.exchange.url)?.endpoint ?? '';
    if (!endpoints.has(endpoint) && !isGuessedEndpoint(endpoint)) return [];
    const server = challengedLast(serversOf(story, registration.issuer), registration.exchange.sent);
    return server ? [{ registration, server }] : [];
  });
});

/** Every registration endpoint that authorization server metadata in the log names (RFC 8414 section 2). */
export const registrationEndpoints = oncePer((story: Story): ReadonlySet<string> => {
  const named = story.authorizationServers.flatMap(({ metadata }) =>
    metadata.map((document) => document.metadata.registrationEndpoint),
  );
  return new Set(
    named
      .map((url) => (url === null ? undefined : readPlace(url)?.endpoint))
      .filter((endpoint) => endpoint !== undefined),
  );
});

/** Whether an endpoint is one that clients guess where the metadata names none. */
export function isGuessedEndpoint(endpoint: string): boolean {
  return endpoint.endsWith('/register') || endpoint.endsWith('/reg');
}

/** The servers whose metadata names the issuer; without metadata, those of the issuer's origin (MCP 2025-03-26, base URL). */
export function serversOf(story: Story, issuer: string): Server[] {
  const origin = readPlace(issuer)?.origin;
  return story.servers.filter(
    ({ issuers, metadata, url }) =>
      issuers.some((named) => isSameIssuer(named, issuer)) ||
      (metadata.length === 0 && origin !== undefined && readPlace(url)?.origin === origin),
  );
}

/** Of several servers the one that refused a call last before `at`; null when none did. */
function challengedLast(servers: readonly Server[], at: number): Server | null {
  if (servers.length < 2) return servers[0] ?? null;
  const last = (server: Server): number =>
    server.refused[firstAfter(server.refused, at, ({ exchange }) => exchange.sent) - 1]?.exchange.sent ??
    Number.NEGATIVE_INFINITY;
  const found = servers.reduce((one, other) => (last(other) > last(one) ? other : one));
  return last(found) === Number.NEGATIVE_INFINITY ? null : found;
}

/** Whether an answer of the registration endpoint is a success (2xx). */
export function isRegistered({ exchange }: Registration): boolean {
  return exchange.response.status >= 200 && exchange.response.status < 300;
}

/** A member of a registration request, or the request where the member is absent. */
export function requestedMember({ exchange }: Registration, name: string): Evidence {
  return memberOf(exchange, 'request.postData', name, exchange.request.body.text, memberSent(exchange, name));
}

/** A member of a registration's answer or of a client ID metadata document; the body where the member is absent. */
export function answeredMember({ exchange }: Registration, name: string): Evidence {
  return memberOf(exchange, 'response.content', name, exchange.response.body.text, memberAnswered(exchange, name));
}

function memberOf(exchange: Exchange, part: string, name: string, text: string, range: Range | null): Evidence {
  const note = range === null ? `no ${name}` : `${name}: ${short(text.slice(range[0], range[1]))}`;
  return evidence(exchange, part, note, range !== null && range[0] < range[1] ? range : null);
}

/** That an authorization server says whether it takes client ID metadata documents. */
export function documentSupport({ exchange, metadata }: AuthorizationServerDocument): Evidence {
  const name = 'client_id_metadata_document_supported';
  const range = memberAnswered(exchange, name);
  const value = metadata.clientIdMetadataDocumentSupported;
  return evidence(exchange, 'response.content', value === null ? `no ${name}` : `${name}: ${value}`, range);
}
