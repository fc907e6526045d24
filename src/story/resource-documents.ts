import { protectedResourceMetadataUrls } from '../protocol/metadata.ts';
import { documentKey, endpointOf } from '../protocol/url.ts';
import { isAbsent } from './gateways.ts';
import { isHeeded } from './heeded.ts';
import type { Call, Discovery, Server, ServerMetadata, Story } from './model.ts';
import { oncePer } from './once.ts';
import { firstAfter } from './order.ts';

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

/** Whether every fetch of a server's metadata, by a time where one is given, was answered that it is not there. */
export function isMetadataAbsent(story: Story, server: Server, by = Number.POSITIVE_INFINITY): boolean {
  const fetched = (metadataFetches(story).get(server.url) ?? []).filter(({ exchange }) => exchange.sent <= by);
  return fetched.length > 0 && fetched.every(({ exchange }) => isAbsent(exchange));
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
