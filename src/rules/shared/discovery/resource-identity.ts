import { canonicalUrl, isWithin } from '../../../protocol/resource.ts';
import { parseUrl } from '../../../protocol/url.ts';
import type { Server, Story } from '../../../story/model.ts';

/**
 * How a `resource` value relates to the URL of the MCP server (RFC 9728 section 3.3): the same characters (an
 * empty path is `/`), the same URL spelt otherwise, a parent path of the same origin, or another resource.
 */
export type ResourceMatch = 'identical' | 'equivalent' | 'parent' | 'foreign';

/** Compares a `resource` value with one URL. */
export function matchResource(resource: string, url: string): ResourceMatch {
  if (resource === url || withRootPath(resource) === withRootPath(url)) return 'identical';
  if (canonicalUrl(resource) === canonicalUrl(url)) return 'equivalent';
  return isWithin(url, resource) ? 'parent' : 'foreign';
}

const ORDER: readonly ResourceMatch[] = ['identical', 'equivalent', 'parent', 'foreign'];

/** Compares a `resource` value with every URL that clients use for the server: its endpoint, and with the query they send. */
export function matchServer(resource: string, server: Server): ResourceMatch {
  const urls = [server.url, server.calls[0]?.exchange.url, server.refused[0]?.exchange.url];
  const found = urls.flatMap((url) => (url === undefined ? [] : [matchResource(resource, url)]));
  return ORDER.find((match) => found.includes(match)) ?? 'foreign';
}

/** Whether a `resource` value names another MCP server of the log: servers of one origin share the document at its root. */
export function isOfAnother(story: Story, server: Server, resource: string): boolean {
  const wanted = canonicalUrl(resource);
  return story.servers.some((other) => other !== server && canonicalUrl(other.url) === wanted);
}

/** `https://host` and `https://host/` are one URL. */
function withRootPath(url: string): string {
  const parsed = parseUrl(url);
  return parsed !== null && parsed.pathname === '/' && !url.endsWith('/') && parsed.href === `${url}/`
    ? parsed.href
    : url;
}
