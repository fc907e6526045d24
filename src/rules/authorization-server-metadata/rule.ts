import { endpointOf, originOf } from '../../protocol/url.ts';
import { heededFrom } from '../../story/heeded.ts';
import type { Discovery, Server, Story } from '../../story/model.ts';
import { metadataFetches } from '../../story/resource-documents.ts';
import { type SignInStep, signInSteps } from '../../story/sign-in-steps.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { STEP_NAMES, stepOf } from '../shared/authorization/sign-in.ts';
import { quoted, statusOf } from '../shared/evidence/document.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** The endpoints come from the authorization server's metadata, in every revision. */
export const rule = defineRule({
  id: 'authorization-server-metadata',
  title: "The authorization server's endpoints were used without its metadata",
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'authorization-server-metadata-discovery', 'authorization-server-discovery'),
    mcp('2025-11-25', 'authorization-server-metadata-discovery'),
    mcp('2025-06-18', 'server-metadata-discovery'),
    mcp('2025-03-26', 'server-metadata-discovery'),
    rfc(8414, '3'),
  ],
  fix: "Fetch the authorization server's metadata before you register, send the user to sign in, or request a token.",
  *judge(story) {
    const documents = story.discovery.filter(({ kind }) => kind !== 'protected-resource');
    const resources = metadataFetches(story);
    for (const server of story.servers) {
      const seen = new Set<string>();
      for (const step of signInSteps(story, server)) {
        if (step.kind === 'refresh' || seen.has(step.issuer)) continue;
        seen.add(step.issuer);
        yield judge(server, step, documents, resources.get(server.url) ?? []);
      }
    }
  },
});

/** One outcome for a server and an issuer: its first step there. */
function judge(
  server: Server,
  step: SignInStep,
  documents: Story['discovery'],
  resources: readonly Discovery[],
): Judgement {
  const judged = { subject: server.url, occasion: step.issuer };
  const fetched = documents.find((fetch) => isBefore(fetch, step) && mayBeFor(server, step, fetch));
  if (fetched) {
    const message = "The client looked for the authorization server's metadata before it used its endpoints.";
    const shown = evidence(fetched.exchange, 'request.url', quoted(endpointOf(fetched.exchange.url)));
    return { ...judged, kind: 'pass', message, evidence: [shown, stepOf(step)] };
  }
  const searched = searchedFromScratch(server, step, resources);
  if (searched && step.kind === 'registration') {
    const message = `The client read where to sign in, and ${STEP_NAMES[step.kind]} at ${quoted(endpointOf(step.exchange.url))} without a fetch of the authorization server's metadata.`;
    return { ...judged, kind: 'fail', message, evidence: [stepOf(step), statusOf(searched.exchange)] };
  }
  const message = `The client ${STEP_NAMES[step.kind]} without a fetch of the authorization server's metadata in the log: it may know it from before.`;
  return { ...judged, kind: 'open', message, evidence: [stepOf(step)], missing: ['authorization-server-metadata'] };
}

function isBefore({ exchange }: Discovery, step: SignInStep): boolean {
  return exchange.sent <= step.exchange.sent;
}

/** Any metadata of the endpoint's origin, of a named issuer's, or of the server's own counts: who reads one may well know the other. */
function mayBeFor(server: Server, step: SignInStep, { exchange, issuers }: Discovery): boolean {
  const origin = originOf(exchange.url);
  if (origin === originOf(step.exchange.url) || origin === originOf(server.url)) return true;
  return server.issuers.some((issuer) => issuers.includes(issuer) || originOf(issuer) === origin);
}

/**
 * The log shows the client from its first words on: a 401 to a call without a token before any success, and
 * then its search for the protected resource metadata. A client that stored the authorization server's
 * metadata would not have searched.
 */
function searchedFromScratch(server: Server, step: SignInStep, resources: readonly Discovery[]): Discovery | null {
  const [first] = server.calls;
  if (first?.status !== 401 || first.credential !== null) return null;
  const since = heededFrom(first.exchange);
  return resources.find(({ exchange }) => exchange.sent >= since && exchange.sent <= step.exchange.sent) ?? null;
}
