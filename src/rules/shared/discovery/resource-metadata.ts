import { protectedResourceMetadataUrls } from '../../../protocol/metadata.ts';
import { documentKey, endpointOf } from '../../../protocol/url.ts';
import { isDecided } from '../../../story/answers.ts';
import { isHeeded } from '../../../story/heeded.ts';
import type { Call, Discovery, Server, ServerMetadata, Story } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { firstAfter } from '../../../story/order.ts';
import type { Judgement } from '../../rule.ts';
import { signInSteps } from '../authorization/sign-in.ts';
import { evidence } from '../evidence/evidence.ts';

/** The distinct documents of a server's own metadata, each where it was fetched first (the same text again says nothing new). */
export const metadataDocuments = oncePer((server: Server): readonly ServerMetadata[] => {
  const found = new Map<string, ServerMetadata>();
  for (const document of server.metadata) {
    const { url, response } = document.exchange;
    const key = `${endpointOf(url)}\n${response.body.text}`;
    if (!found.has(key)) found.set(key, document);
  }
  return [...found.values()];
});

/** Fetches of protected resource metadata by server, in time order. */
export const metadataFetches = oncePer((story: Story): ReadonlyMap<string, readonly Discovery[]> => {
  const byServer = new Map<string, Discovery[]>();
  for (const fetch of story.discovery) {
    for (const { url } of fetch.servers) {
      const list = byServer.get(url);
      if (list) list.push(fetch);
      else byServer.set(url, [fetch]);
    }
  }
  return byServer;
});

/**
 * A server that has metadata, which the log does not show (cause C2): its challenge names it, or somebody
 * signed in for it, and no fetch was answered with a document or with its absence. Null otherwise.
 */
export function unseenMetadata(story: Story, server: Server): Judgement | null {
  const [refused] = server.refused;
  if (server.metadata.length > 0 || !refused || server.revision === '2025-03-26') return null;
  const naming = server.refused.find(({ challenge }) => challenge?.resourceMetadata != null);
  if (!naming && signInSteps(story, server).length === 0) return null;
  const absent = story.discovery.some(
    ({ exchange, servers }) => servers.includes(server) && isDecided(exchange) && exchange.response.status !== 200,
  );
  if (absent) return null;
  return {
    kind: 'open',
    subject: server.url,
    message: 'The protected resource metadata is not in the log.',
    evidence: [evidence((naming ?? refused).exchange, 'response.status', String((naming ?? refused).status))],
    missing: ['protected-resource-metadata'],
  };
}

/** Whether a fetch is of the well-known place that has the server's own path; false for the root, and for a server at the root. */
export function isPathBased(server: Server, url: string): boolean {
  const place = documentKey(url);
  const [own] = protectedResourceMetadataUrls(server.url);
  return hasPath(server) && own !== undefined && documentKey(own) === place;
}

/** Whether a fetch is of the well-known place at the root of the server's origin. */
export function isRoot(server: Server, url: string): boolean {
  const root = protectedResourceMetadataUrls(server.url).at(-1);
  return root !== undefined && documentKey(root) === documentKey(url);
}

/** Whether the server's URL has a path, so that its own well-known place differs from the root's. */
export function hasPath(server: Server): boolean {
  const all = protectedResourceMetadataUrls(server.url);
  return all.length > 1;
}

/** The last refusal with 401 whose answer had begun when something was sent; null when there is none. */
export function lastUnauthorized(server: Server, at: number): Call | null {
  const calls = unauthorizedOf(server);
  for (let index = firstAfter(calls, at, ({ exchange }) => exchange.sent) - 1; index >= 0; index -= 1) {
    const call = calls[index];
    if (call && isHeeded(call.exchange, at)) return call;
  }
  return null;
}

const unauthorizedOf = oncePer(({ refused }: Server) => refused.filter(({ status }) => status === 401));
