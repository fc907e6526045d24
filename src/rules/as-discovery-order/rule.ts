import { isHeeded } from '../../story/heeded.ts';
import { type FirstNaming, firstNamings } from '../../story/issuer-documents.ts';
import type { Discovery } from '../../story/model.ts';
import { followsOldest } from '../../story/revisions.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { candidatesOf, issuerFetches } from '../shared/discovery/candidates.ts';
import { quoted } from '../shared/evidence/document.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** The well-known places of an issuer have an order: OAuth with the path inserted, OpenID inserted, OpenID appended. */
export const rule = defineRule({
  id: 'as-discovery-order',
  title: "The authorization server's metadata was searched in the wrong order",
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'authorization-server-metadata-discovery', 'authorization-server-discovery'),
    mcp('2025-11-25', 'authorization-server-metadata-discovery'),
    rfc(8414, '3.1'),
    rfc(8414, '5'),
  ],
  fix: 'Try oauth-authorization-server first, then openid-configuration with the path inserted, then appended.',
  *judge(story) {
    const fetches = issuerFetches(story);
    for (const naming of firstNamings(story)) {
      if (followsOldest(naming.server)) continue;
      const judgement = judge(naming, fetches);
      if (judgement) yield judgement;
    }
  },
});

/** One outcome for an issuer: where the order was broken first. */
function judge({ issuer, server, named }: FirstNaming, fetches: ReturnType<typeof issuerFetches>): Judgement | null {
  const candidates = candidatesOf(issuer, fetches);
  const firsts = candidates.map((candidate) => candidate.fetches[0] ?? null);
  const judged = { subject: server.url, occasion: issuer };
  const tried = firsts.filter((fetch) => fetch !== null);
  const [earliest] = tried.toSorted((one, other) => one.exchange.sent - other.exchange.sent);
  if (!earliest) return null;
  const atUrl = (fetch: Discovery) => evidence(fetch.exchange, 'request.url', quoted(fetch.exchange.url));
  if (!isHeeded(named.exchange, earliest.exchange.sent)) {
    const message = `The metadata of ${quoted(issuer)} was fetched before the log shows how the client came to know it.`;
    return { ...judged, kind: 'open', message, evidence: [atUrl(earliest)], missing: ['earlier-discovery'] };
  }
  for (const [index, later] of firsts.entries()) {
    const before = firsts.slice(0, index);
    const skipped = before.findIndex((fetch) => !fetch || !later || fetch.exchange.sent > later.exchange.sent);
    if (!later || index === 0) continue;
    if (skipped >= 0) {
      const message = `For ${quoted(issuer)} the client tried ${quoted(later.exchange.url)} before ${quoted(candidates[skipped]?.url ?? '')}${sinceWords(server, '2025-11-25')}.`;
      const seen = present([atUrl(later), firsts[skipped] ? atUrl(firsts[skipped]) : null]);
      return { ...judged, kind: 'fail', level: levelSince(server, '2025-11-25', 'error'), message, evidence: seen };
    }
    const waiting = before.find((fetch) => fetch && !isHeeded(fetch.exchange, later.exchange.sent));
    if (waiting) {
      const message = `For ${quoted(issuer)} the client tried ${quoted(later.exchange.url)} while it still waited for ${quoted(waiting.exchange.url)}${sinceWords(server, '2025-11-25')}.`;
      return { ...judged, kind: 'fail', level: 'note', message, evidence: [atUrl(later), atUrl(waiting)] };
    }
  }
  return {
    ...judged,
    kind: 'pass',
    message: `The client searched for the metadata of ${quoted(issuer)} in order.`,
    evidence: [atUrl(earliest)],
  };
}
