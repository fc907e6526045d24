import { parseUrl } from './url.ts';

/**
 * The canonical URI of an MCP server (MCP authorization, "Canonical Server URI"; RFC 8707 section 2):
 * scheme and host in lower case, the scheme's own port and the fragment dropped, no slash at the end of
 * the path. A text that is no URL is returned as it is.
 */
export function canonicalUrl(url: string): string {
  const parsed = parseUrl(url);
  if (parsed === null) return url;
  if (parsed.host === '') {
    const hash = parsed.href.indexOf('#');
    return hash < 0 ? parsed.href : parsed.href.slice(0, hash);
  }
  return `${parsed.protocol}//${parsed.host}${trimSlashes(parsed.pathname)}${parsed.search}`;
}

/** Whether two resource indicators name the same resource once both are canonical. */
export function sameResource(a: string, b: string): boolean {
  return canonicalUrl(a) === canonicalUrl(b);
}

/**
 * Whether a URL is the parent or lies under it: the same scheme, host and port, and the parent's path
 * segments first (`/mcp` holds `/mcp/tools`, not `/mcp2`). A parent's query must be the URL's own.
 */
export function isWithin(url: string, parent: string): boolean {
  const inner = parseUrl(url);
  const outer = parseUrl(parent);
  if (inner === null || outer === null) return false;
  if (inner.protocol !== outer.protocol || inner.host !== outer.host) return false;
  if (outer.search !== '' && outer.search !== inner.search) return false;
  const path = trimSlashes(inner.pathname);
  const prefix = trimSlashes(outer.pathname);
  return path === prefix || path.startsWith(`${prefix}/`);
}

function trimSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path.charCodeAt(end - 1) === 0x2f) end -= 1;
  return path.slice(0, end);
}
