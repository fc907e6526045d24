import { endpointOf, originOf } from '../../protocol/url.ts';
import { couldReadChallenge } from '../../story/calls.ts';
import { heededFrom } from '../../story/heeded.ts';
import { names } from '../../story/issuer-documents.ts';
import type { Call, Discovery, Server, Story } from '../../story/model.ts';
import { hasPath, isPathBased, isRoot, lastUnauthorized, metadataFetches } from '../../story/resource-documents.ts';
import { followsOldest } from '../../story/revisions.ts';
import { type SignInStep, signInSteps } from '../../story/sign-in-steps.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { STEP_NAMES, stepOf } from '../shared/authorization/sign-in.ts';
import { advertisementOf } from '../shared/discovery/advertised-metadata.ts';
import { quoted } from '../shared/evidence/document.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** A challenge without resource_metadata leaves the well-known places, and the one with the server's path is the first. */
export const rule = defineRule({
  id: 'prm-pathbased-requested',
  title: "The well-known URL with the server's path was not tried",
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'protected-resource-metadata-discovery-requirements', 'authorization-server-discovery'),
    mcp('2025-11-25', 'protected-resource-metadata-discovery-requirements'),
    rfc(9728, '3.1'),
  ],
  fix: "Request /.well-known/oauth-protected-resource followed by the server's path before anything else.",
  *judge(story) {
    const fetches = metadataFetches(story);
    for (const server of story.servers) {
      if (followsOldest(server) || !hasPath(server)) continue;
      const judgement = judge(story, server, fetches.get(server.url) ?? []);
      if (judgement) yield judgement;
    }
  },
});

/** One outcome for a server: the first sign-in that a 401 without an advertised URL set off. */
function judge(story: Story, server: Server, fetches: readonly Discovery[]): Judgement | null {
  const challenge = server.refused.find(({ status }) => status === 401);
  if (!challenge || server.refused.some((call) => mayName(call))) return null;
  const since = heededFrom(challenge.exchange);
  const step =
    signInSteps(story, server).find(({ exchange, kind }) => kind !== 'refresh' && exchange.sent >= since) ?? null;
  const subject = server.url;
  const tried = fetches.find(({ exchange }) => isPathBased(server, exchange.url));
  if (tried) {
    const seen = [
      evidence(tried.exchange, 'request.url', quoted(endpointOf(tried.exchange.url))),
      advertisementOf(challenge),
    ];
    return {
      kind: 'pass',
      subject,
      message: "The client tried the well-known URL with the server's path.",
      evidence: seen,
    };
  }
  const other = step && searchedInstead(story, server, fetches, since, step);
  if (other) {
    const message = `The challenge names no metadata, and the client went to ${quoted(endpointOf(other.exchange.url))} and ${STEP_NAMES[step.kind]} without a look at the well-known URL with the server's path${sinceWords(server, '2025-11-25')}.`;
    const seen = [
      evidence(other.exchange, 'request.url', quoted(endpointOf(other.exchange.url))),
      advertisementOf(challenge),
      stepOf(step),
    ];
    return { kind: 'fail', level: levelSince(server, '2025-11-25', 'error'), subject, message, evidence: seen };
  }
  if (!step) return null;
  const message =
    'The client signed in, and none of its discovery is in the log: it may know the authorization server from before.';
  return {
    kind: 'open',
    subject,
    message,
    evidence: [stepOf(step), advertisementOf(challenge)],
    missing: ['protected-resource-metadata'],
  };
}

/** Whether a challenge named a metadata URL that the client may have read. */
function mayName(call: Call): boolean {
  return call.challenge?.resourceMetadata != null && couldReadChallenge(call) !== false;
}

/** The root's metadata, or the authorization server that MCP 2025-03-26 assumed at the server's origin. */
function searchedInstead(
  story: Story,
  server: Server,
  fetches: readonly Discovery[],
  since: number,
  step: SignInStep,
): Discovery | null {
  const inTime = ({ exchange }: Discovery): boolean => exchange.sent >= since && exchange.sent <= step.exchange.sent;
  const root = fetches.find((fetch) => inTime(fetch) && isRoot(server, fetch.exchange.url) && isAlone(server, fetch));
  if (root) return root;
  const origin = originOf(server.url);
  const isAlsoElse = story.servers.some((other) => other !== server && originOf(other.url) === origin);
  if (origin === null || isAlsoElse || names(server, origin)) return null;
  const atOrigin = ({ exchange, kind }: Discovery): boolean =>
    kind !== 'protected-resource' && originOf(exchange.url) === origin;
  return (
    story.discovery.find(
      (fetch) => inTime(fetch) && atOrigin(fetch) && !fetch.issuers.some((issuer) => names(server, issuer)),
    ) ?? null
  );
}

function isAlone(server: Server, { servers, exchange }: Discovery): boolean {
  return servers.every((other) => other === server || lastUnauthorized(other, exchange.sent) === null);
}
