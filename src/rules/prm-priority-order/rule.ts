import { endpointOf, urlKey } from '../../protocol/url.ts';
import { couldReadChallenge } from '../../story/calls.ts';
import { isHeeded } from '../../story/heeded.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { metadataFetches } from '../../story/resource-documents.ts';
import { followsOldest } from '../../story/revisions.ts';
import { signInSteps } from '../../story/sign-in-steps.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { stepOf } from '../shared/authorization/sign-in.ts';
import { challengeUntold } from '../shared/challenges/untold.ts';
import { advertisementOf } from '../shared/discovery/advertised-metadata.ts';
import { type MetadataSearch, metadataSearches } from '../shared/discovery/metadata-search.ts';
import { quoted } from '../shared/evidence/document.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** Of the two ways to the metadata, the URL of the challenge comes first. */
export const rule = defineRule({
  id: 'prm-priority-order',
  title: 'The advertised metadata URL was not used first',
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'protected-resource-metadata-discovery-requirements', 'authorization-server-discovery'),
    mcp('2025-11-25', 'protected-resource-metadata-discovery-requirements'),
    mcp('2025-06-18', 'authorization-server-location'),
    rfc(9728, '5.1'),
  ],
  fix: 'Fetch exactly the URL of resource_metadata, and construct well-known URLs only where a challenge has none.',
  *judge(story) {
    const fetches = metadataFetches(story);
    for (const server of story.servers) {
      if (followsOldest(server)) continue;
      const searches = metadataSearches(story, server, fetches);
      for (const search of searches) {
        const judgement = judge(search);
        if (judgement) yield judgement;
      }
      const unseen = searches.length === 0 ? withoutFetch(story, server, fetches.has(server.url)) : null;
      if (unseen) yield unseen;
    }
  },
});

function judge({ server, challenge, advertised, fetches }: MetadataSearch): Judgement | null {
  const [first] = fetches;
  const named = challenge.challenge?.resourceMetadata ?? null;
  if (!first || named === null) return null;
  const subject = server.url;
  const { exchange } = first;
  const shown = [evidence(exchange, 'request.url', quoted(endpointOf(exchange.url))), advertisementOf(challenge)];
  if (advertised.some(({ key }) => key === urlKey(exchange.url))) {
    return {
      kind: 'pass',
      subject,
      message: 'The client fetched the metadata from the URL that the server named.',
      evidence: shown,
    };
  }
  const readable = couldReadChallenge(challenge);
  if (readable === false) {
    const message = "The page's script could not read the challenge, so the client could not know the URL in it.";
    return { kind: 'notApplicable', subject, message, evidence: shown };
  }
  if (readable === null) return challengeUntold(subject, shown);
  const message = `The server named ${quoted(named)}, and the client fetched ${quoted(endpointOf(exchange.url))} first${sinceWords(server, '2025-11-25')}.`;
  return { kind: 'fail', level: levelSince(server, '2025-11-25', 'error'), subject, message, evidence: shown };
}

/** A sign-in after a challenge that names metadata, and no fetch of it: it may have been kept from before. */
function withoutFetch(story: Story, server: Server, fetched: boolean): Judgement | null {
  const challenge = server.refused.find(isUnauthorizedNaming);
  const step =
    challenge && signInSteps(story, server).find(({ exchange }) => isHeeded(challenge.exchange, exchange.sent));
  if (!challenge || !step || fetched) return null;
  return {
    kind: 'open',
    subject: server.url,
    message: 'The client signed in without a fetch of the metadata in the log: it may have kept it from before.',
    evidence: [stepOf(step), advertisementOf(challenge)],
    missing: ['protected-resource-metadata'],
  };
}

function isUnauthorizedNaming({ status, challenge }: Call): boolean {
  return status === 401 && challenge?.resourceMetadata != null;
}
