import { endpointOf, originOf, urlKey } from '../../protocol/url.ts';
import type { Server, ServerMetadata, Story } from '../../story/model.ts';
import { isRoot, metadataDocuments } from '../../story/resource-documents.ts';
import type { Level } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { advertisedMetadata, advertisementOf } from '../shared/discovery/advertised-metadata.ts';
import { isOfAnother, matchResource, matchServer, type ResourceMatch } from '../shared/discovery/resource-identity.ts';
import { unseenMetadata } from '../shared/discovery/unseen-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9728 section 3.3: `resource` is the URL that clients use, character by character. */
export const rule = defineRule({
  id: 'prm-resource-identical',
  title: "The metadata's resource is not the server's URL",
  party: 'server',
  level: 'error',
  since: '2025-06-18',
  spec: [
    rfc(9728, '3.3'),
    mcp('2026-07-28', 'authorization-server-location', 'authorization-server-discovery'),
    mcp('2025-11-25', 'authorization-server-location'),
    mcp('2025-06-18', 'authorization-server-location'),
  ],
  fix: 'Publish as resource exactly the URL that clients connect to.',
  *judge(story) {
    for (const server of story.servers) {
      const named = new Set(advertisedMetadata(server).map(({ key }) => key));
      for (const document of metadataDocuments(server)) {
        const judgement = judge(story, server, document, named.has(urlKey(document.exchange.url)));
        if (judgement) yield judgement;
      }
      const unseen = unseenMetadata(story, server);
      if (unseen) yield unseen;
    }
  },
});

const LEVELS: Readonly<Record<Exclude<ResourceMatch, 'identical'>, Exclude<Level, 'none'>>> = {
  equivalent: 'note',
  parent: 'warning',
  foreign: 'error',
};

function judge(story: Story, server: Server, document: ServerMetadata, advertised: boolean): Judgement | null {
  const { exchange, metadata } = document;
  const { resource } = metadata;
  const judged = { subject: server.url, occasion: endpointOf(exchange.url) };
  const challenge = advertised ? advertisedMetadata(server).find(({ key }) => key === urlKey(exchange.url)) : null;
  const seen = present([
    resource === null
      ? evidence(exchange, 'response.content', 'no resource')
      : memberOf(exchange, 'resource', `resource: ${resource}`),
    challenge ? advertisementOf(challenge.call) : null,
  ]);
  if (resource === null) {
    // Of an advertised document prm-served says so.
    if (advertised) return null;
    const message = `The protected resource metadata has no resource, so no client can tell that it is about ${server.url}${sinceWords(server, '2025-06-18')}.`;
    return { ...judged, kind: 'fail', level: levelSince(server, '2025-06-18', 'error'), message, evidence: seen };
  }
  const match = bestMatch(server, document, advertised);
  if (match === 'identical')
    return {
      ...judged,
      kind: 'pass',
      message: `The protected resource metadata is about ${quoted(resource)}.`,
      evidence: seen,
    };
  if (match === 'foreign' && isOfAnother(story, server, resource)) return null;
  const message = `The protected resource metadata is about ${quoted(resource)}, and the server's URL is ${server.url}: ${HOW[match]}${sinceWords(server, '2025-06-18')}.`;
  return { ...judged, kind: 'fail', level: levelSince(server, '2025-06-18', LEVELS[match]), message, evidence: seen };
}

const HOW: Readonly<Record<Exclude<ResourceMatch, 'identical'>, string>> = {
  equivalent: 'they differ only in spelling',
  parent: 'a parent of it, which most clients accept',
  foreign: 'clients must not use it',
};

/** A document at the root may be about the origin, into whose empty path the suffix was inserted, unless a challenge named it. */
function bestMatch(server: Server, { exchange, metadata }: ServerMetadata, advertised: boolean): ResourceMatch {
  const { resource } = metadata;
  if (resource === null) return 'foreign';
  const origin = originOf(server.url);
  if (!advertised && origin !== null && isRoot(server, exchange.url) && matchResource(resource, origin) === 'identical')
    return 'identical';
  return matchServer(resource, server);
}
