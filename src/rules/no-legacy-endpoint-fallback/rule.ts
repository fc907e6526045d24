import { authorizationServerMetadataUrls } from '../../protocol/metadata.ts';
import { documentKey, endpointOf, originOf, readPlace } from '../../protocol/url.ts';
import { isHeeded } from '../../story/heeded.ts';
import { documentsFor, endpointsOf } from '../../story/issuer-documents.ts';
import type { Server, ServerMetadata, Story } from '../../story/model.ts';
import { followsOldest } from '../../story/revisions.ts';
import { type SignInStep, signInSteps } from '../../story/sign-in-steps.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { STEP_NAMES, stepOf } from '../shared/authorization/sign-in.ts';
import { advertisedMetadata, advertisementOf } from '../shared/discovery/advertised-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** From 2025-06-18 on the metadata says where to sign in; the MCP server's own origin is a guess of 2025-03-26. */
export const rule = defineRule({
  id: 'no-legacy-endpoint-fallback',
  title: "The client signed in at the MCP server's origin although the metadata names another place",
  party: 'client',
  level: 'error',
  since: '2025-06-18',
  spec: [mcp('2026-07-28', 'overview'), mcp('2025-11-25', 'overview'), mcp('2025-06-18', 'overview'), rfc(9728, '3')],
  fix: 'Sign in only at the authorization servers that the protected resource metadata names.',
  *judge(story) {
    const legacy = legacyEndpoints(story);
    for (const server of story.servers) {
      if (signInSteps(story, server).length > 0) yield* judge(story, server, legacy);
    }
  },
});

/** The default places of MCP 2025-03-26, at the server's origin. */
const DEFAULTS: ReadonlySet<string> = new Set(['/authorize', '/token', '/register']);

function* judge(story: Story, server: Server, legacy: LegacyEndpoints): Generator<Judgement> {
  const origin = originOf(server.url);
  const naming = server.metadata.filter(({ metadata }) => metadata.authorizationServers.length > 0);
  const own = ownEndpoints(story, server);
  const guessed = legacy(server);
  for (const step of signInSteps(story, server)) {
    const target = readPlace(step.exchange.url);
    if (!target || target.origin !== origin || step.kind === 'refresh') continue;
    if (own.has(target.endpoint) || !(DEFAULTS.has(target.path) || guessed.has(target.endpoint))) continue;
    const judgement = verdict(server, step, naming, origin);
    if (judgement) yield judgement;
  }
  const elsewhere = signInSteps(story, server).find(({ exchange }) => own.has(endpointOf(exchange.url)));
  const [document] = naming;
  if (elsewhere && document) {
    const message = 'The client signed in at an authorization server that the metadata names.';
    const seen = [stepOf(elsewhere), memberOf(document.exchange, 'authorization_servers', 'authorization_servers')];
    yield { kind: 'pass', subject: server.url, message, evidence: seen, occasion: elsewhere.issuer };
  }
}

function verdict(
  server: Server,
  step: SignInStep,
  naming: readonly ServerMetadata[],
  origin: string,
): Judgement | null {
  const subject = server.url;
  const known = naming.find(({ exchange }) => isHeeded(exchange, step.exchange.sent));
  if (known) {
    const named = known.metadata.authorizationServers;
    if (named.some((issuer) => originOf(issuer) === origin)) return null;
    const seen = [stepOf(step), memberOf(known.exchange, 'authorization_servers', named.join(' '))];
    if (followsOldest(server)) {
      const message = "MCP 2025-03-26 has the authorization server at the MCP server's origin.";
      return { kind: 'notApplicable', subject, message, evidence: seen };
    }
    const message = `The metadata names ${quoted(named.join(', '))}, and the client ${STEP_NAMES[step.kind]} at ${endpointOf(step.exchange.url)}, at the MCP server's own origin.`;
    return { kind: 'fail', subject, message, evidence: seen };
  }
  const [advertised] = advertisedMetadata(server);
  if (naming.length > 0 || !advertised || server.metadata.length > 0 || followsOldest(server)) return null;
  return {
    kind: 'open',
    subject,
    message: `The client ${STEP_NAMES[step.kind]} at the MCP server's own origin; the metadata that may name another place is not in the log.`,
    evidence: [stepOf(step), advertisementOf(advertised.call)],
    missing: ['protected-resource-metadata'],
  };
}

/** Endpoints that metadata of the named issuers gives: they may lie at the MCP server's origin. */
function ownEndpoints(story: Story, server: Server): ReadonlySet<string> {
  return new Set(
    documentsFor(story, server).flatMap(({ named, document }) => (named ? [...endpointsOf(document)] : [])),
  );
}

type LegacyEndpoints = (server: Server) => ReadonlySet<string>;

/** Endpoints that metadata at the MCP server's own origin gives. */
function legacyEndpoints(story: Story): LegacyEndpoints {
  const byPlace = new Map<string, Set<string>>();
  for (const { metadata } of story.authorizationServers) {
    for (const document of metadata) {
      const place = documentKey(document.exchange.url);
      const there = byPlace.get(place) ?? new Set();
      for (const endpoint of endpointsOf(document)) there.add(endpoint);
      byPlace.set(place, there);
    }
  }
  return ({ url }) => {
    const places = authorizationServerMetadataUrls(originOf(url) ?? '');
    return new Set(places.flatMap((place) => [...(byPlace.get(documentKey(place)) ?? [])]));
  };
}
