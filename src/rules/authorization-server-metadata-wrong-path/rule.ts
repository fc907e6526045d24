import { originOf, parseUrl } from '../../protocol/url.ts';
import { heededFrom, isHeeded } from '../../story/heeded.ts';
import { type FirstNaming, firstNamings } from '../../story/issuer-documents.ts';
import { isSameIssuer } from '../../story/issuers.ts';
import type { Server, Story } from '../../story/model.ts';
import { followsOldest } from '../../story/revisions.ts';
import { type SignInStep, signInSteps } from '../../story/sign-in-steps.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { stepOf } from '../shared/authorization/sign-in.ts';
import { candidatesOf, issuerFetches } from '../shared/discovery/candidates.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** The path of an issuer belongs into the well-known URL: without it another tenant's metadata comes back. */
export const rule = defineRule({
  id: 'authorization-server-metadata-wrong-path',
  title: "The issuer's path was left out of the metadata URL",
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'authorization-server-metadata-discovery', 'authorization-server-discovery'),
    mcp('2025-11-25', 'authorization-server-metadata-discovery'),
    rfc(8414, '3.1'),
  ],
  fix: "Insert the well-known path between the issuer's host and its path, and keep the path.",
  *judge(story) {
    const fetches = issuerFetches(story);
    for (const naming of firstNamings(story)) {
      if (followsOldest(naming.server)) continue;
      const judgement = hasPath(naming.issuer) ? judge(story, naming, fetches) : null;
      if (judgement) yield judgement;
    }
  },
});

function judge(
  story: Story,
  { issuer, server, named }: FirstNaming,
  fetches: ReturnType<typeof issuerFetches>,
): Judgement | null {
  const judged = { subject: server.url, occasion: issuer };
  const candidates = candidatesOf(issuer, fetches);
  const since = heededFrom(named.exchange);
  const atRoot = fetches.get(`${originOf(issuer)}/.well-known/oauth-authorization-server`) ?? [];
  const wrong = isShared(story, server, issuer) ? undefined : atRoot.find(({ exchange }) => exchange.sent >= since);
  if (wrong) {
    const { exchange } = wrong;
    const exhausted = candidates.every((candidate) =>
      candidate.fetches.some((fetch) => isHeeded(fetch.exchange, exchange.sent)),
    );
    const seen = [
      evidence(exchange, 'request.url', quoted(exchange.url)),
      memberOf(named.exchange, 'authorization_servers', issuer),
    ];
    const when = exhausted ? ', once the right addresses had failed' : '';
    const message = `For ${quoted(issuer)} the client tried ${quoted(exchange.url)}, without the issuer's path${when}${sinceWords(server, '2025-11-25')}.`;
    return {
      ...judged,
      kind: 'fail',
      level: levelSince(server, '2025-11-25', exhausted ? 'warning' : 'error'),
      message,
      evidence: seen,
    };
  }
  const right = candidates.flatMap((candidate) => candidate.fetches)[0];
  if (right) {
    const seen = [evidence(right.exchange, 'request.url', quoted(right.exchange.url))];
    return {
      ...judged,
      kind: 'pass',
      message: `The client kept the path of ${quoted(issuer)} in the metadata URL.`,
      evidence: seen,
    };
  }
  const step = signInSteps(story, server).find((known) => isAt(known, issuer));
  if (!step) return null;
  const message = `The client signed in at ${quoted(issuer)}, and how it found its metadata is not in the log.`;
  return { ...judged, kind: 'open', message, evidence: [stepOf(step)], missing: ['authorization-server-metadata'] };
}

function isAt({ issuer, kind }: SignInStep, wanted: string): boolean {
  return kind !== 'refresh' && isSameIssuer(issuer, wanted);
}

/** The root's metadata may be wanted for its own sake: of an issuer there, or of an MCP server without metadata. */
function isShared(story: Story, server: Server, issuer: string): boolean {
  const origin = originOf(issuer) ?? '';
  return story.servers.some(
    (other) =>
      other.issuers.some((known) => isSameIssuer(known, origin)) ||
      (other !== server && other.metadata.length === 0 && originOf(other.url) === origin),
  );
}

function hasPath(issuer: string): boolean {
  const path = parseUrl(issuer)?.pathname ?? '/';
  return path !== '/' && path !== '';
}
