import { endpointOf } from '../../protocol/url.ts';
import { couldReadChallenge } from '../../story/calls.ts';
import { isHeeded } from '../../story/heeded.ts';
import { hasPath, isPathBased, isRoot, metadataFetches } from '../../story/resource-documents.ts';
import { followsOldest } from '../../story/revisions.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type MetadataSearch, metadataSearches } from '../shared/discovery/metadata-search.ts';
import { quoted, statusOf } from '../shared/evidence/document.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** Without an advertised URL: the well-known place with the server's path, then the root. */
export const rule = defineRule({
  id: 'prm-fallback-order',
  title: 'The root was searched for metadata before the path',
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'protected-resource-metadata-discovery-requirements', 'authorization-server-discovery'),
    mcp('2025-11-25', 'protected-resource-metadata-discovery-requirements'),
    rfc(9728, '3.1'),
  ],
  fix: "Request the well-known URL with the server's path first, and the one at the root only once that has failed.",
  *judge(story) {
    const fetches = metadataFetches(story);
    for (const server of story.servers) {
      if (followsOldest(server) || !hasPath(server)) continue;
      for (const search of metadataSearches(story, server, fetches)) {
        const judgement = judge(search);
        if (judgement) yield judgement;
      }
    }
  },
});

function judge({ server, advertised, fetches }: MetadataSearch): Judgement | null {
  if (advertised.some(({ call }) => couldReadChallenge(call) !== false)) return null;
  const path = fetches.find(({ exchange }) => isPathBased(server, exchange.url))?.exchange;
  const root = fetches.find(({ exchange }) => isRoot(server, exchange.url))?.exchange;
  // A path that was never tried is another rule's matter.
  if (!path || !root) return null;
  const subject = server.url;
  const seen = [evidence(root, 'request.url', quoted(endpointOf(root.url))), statusOf(path)];
  const atRoot = quoted(endpointOf(root.url));
  if (root.sent < path.sent) {
    const message = `The client looked at ${atRoot} before it tried ${quoted(endpointOf(path.url))}${sinceWords(server, '2025-11-25')}.`;
    const overlap = root.answered > path.sent;
    return {
      kind: 'fail',
      level: overlap ? 'note' : levelSince(server, '2025-11-25', 'error'),
      subject,
      message,
      evidence: seen,
    };
  }
  if (path.answered === path.sent && path.response.status === 0) {
    const message = `When the fetch of ${quoted(endpointOf(path.url))} ended is not in the log.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['timings'] };
  }
  if (isHeeded(path, root.sent)) {
    return {
      kind: 'pass',
      subject,
      message: "The client tried the path's metadata before the root's.",
      evidence: seen,
    };
  }
  const message = `The client looked at ${atRoot} while it still waited for ${quoted(endpointOf(path.url))}${sinceWords(server, '2025-11-25')}.`;
  return { kind: 'fail', level: 'note', subject, message, evidence: seen };
}
