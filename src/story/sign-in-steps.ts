import type { Exchange } from '../exchange/exchange.ts';
import { endpointOf, originOf } from '../protocol/url.ts';
import { type IssuerDocument, issuerDocuments } from './issuer-documents.ts';
import { isSameIssuer } from './issuers.ts';
import type { Chain, Grant, Registration, Server, Story } from './model.ts';
import { oncePer } from './once.ts';

/** One thing that a client does at an authorization server on behalf of an MCP server. */
export interface SignInStep {
  readonly kind: 'registration' | 'authorization' | 'token' | 'refresh';
  readonly exchange: Exchange;
  readonly issuer: string;
  /** null for a registration. */
  readonly grant: Grant | null;
}

/** Registrations, authorization requests, code exchanges and refreshes for a server (guard G21), by time sent. */
export function signInSteps(story: Story, server: Server): readonly SignInStep[] {
  return stepsByServer(story).get(server) ?? [];
}

const stepsByServer = oncePer((story: Story): ReadonlyMap<Server, readonly SignInStep[]> => {
  const steps = new Map<Server, SignInStep[]>();
  const add = (server: Server, step: SignInStep): void => {
    const list = steps.get(server);
    if (list) list.push(step);
    else steps.set(server, [step]);
  };
  for (const grant of story.grants) {
    const { server, issuer, authorization, token, refreshes } = grant;
    if (!server) continue;
    if (authorization) add(server, { kind: 'authorization', exchange: authorization.exchange, issuer, grant });
    if (token) add(server, { kind: 'token', exchange: token.exchange, issuer, grant });
    for (const { exchange } of refreshes) add(server, { kind: 'refresh', exchange, issuer, grant });
  }
  const chains = new Map<Registration, Set<Server>>();
  for (const chain of story.chains) noteRegistration(chains, chain);
  for (const registration of story.registrations) {
    if (registration.source !== 'dcr') continue;
    const { exchange, issuer } = registration;
    for (const server of chains.get(registration) ?? serversOf(story, registration)) {
      add(server, { kind: 'registration', exchange, issuer, grant: null });
    }
  }
  for (const list of steps.values()) {
    list.sort((one, other) => one.exchange.sent - other.exchange.sent || one.exchange.entry - other.exchange.entry);
  }
  return steps;
});

function noteRegistration(chains: Map<Registration, Set<Server>>, { registration, server }: Chain): void {
  if (!registration || !server) return;
  const servers = chains.get(registration) ?? new Set();
  chains.set(registration, servers.add(server));
}

/**
 * A registration that no sign-in followed: for the one server whose metadata names the issuer, else the one
 * whose search led to metadata with this endpoint, else the one at its origin.
 */
function serversOf(story: Story, { issuer, exchange }: Registration): readonly Server[] {
  const endpoint = endpointOf(exchange.url);
  const naming = story.servers.filter(({ issuers }) => issuers.some((name) => isSameIssuer(name, issuer)));
  const led = new Set(issuerDocuments(story).flatMap((known) => (registersAt(known, endpoint) ? [known.server] : [])));
  const there = story.servers.filter(({ url }) => originOf(url) === originOf(exchange.url));
  const found = [naming, [...led], there].find((servers) => servers.length > 0) ?? [];
  return found.length === 1 ? found : [];
}

function registersAt({ document }: IssuerDocument, endpoint: string): boolean {
  const { registrationEndpoint } = document.metadata;
  return registrationEndpoint !== null && endpointOf(registrationEndpoint) === endpoint;
}
