import { isLoopback, parseUrl } from '../../../protocol/url.ts';
import type { Registration } from '../../../story/model.ts';

/** `http` on this machine (MCP: "localhost"; RFC 8252 sections 7.3 and 8.3). */
export function isLoopbackUri(uri: string): boolean {
  const url = parseUrl(uri);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && isLoopback(url.host);
}

/** `custom`: a scheme of the app's own (RFC 8252 section 7.1); null for what is no URL. */
export type RedirectKind = 'https' | 'loopback' | 'plain-http' | 'custom' | null;

export function redirectKind(uri: string): RedirectKind {
  const url = parseUrl(uri);
  if (url === null) return null;
  if (isLoopbackUri(uri)) return 'loopback';
  return url.protocol === 'https:' ? 'https' : url.protocol === 'http:' ? 'plain-http' : 'custom';
}

/** The redirect URIs a client is registered with: the answer's, else those it asked for; null when neither was read. */
export function registeredUris({ source, request, response }: Registration): readonly string[] | null {
  return response?.redirectUris ?? (source === 'cimd' ? null : (request?.redirectUris ?? null));
}

/**
 * Whether a redirect URI is among the registered ones: `exact` by simple string comparison (OAuth 2.1 section 2.3.1),
 * or a loopback address that differs in its port alone (RFC 8252 section 7.3); `spelling` when it only becomes
 * equal by normalization; else `no`.
 */
export function registeredAs(uri: string, registered: readonly string[]): 'exact' | 'spelling' | 'no' {
  if (registered.includes(uri)) return 'exact';
  const portless = withoutLoopbackPort(uri);
  if (portless !== null && registered.some((known) => withoutLoopbackPort(known) === portless)) return 'exact';
  const normal = parseUrl(uri)?.href;
  return normal !== undefined && registered.some((known) => parseUrl(known)?.href === normal) ? 'spelling' : 'no';
}

function withoutLoopbackPort(uri: string): string | null {
  const url = isLoopbackUri(uri) ? parseUrl(uri) : null;
  return url && `${url.protocol}//${url.hostname}${url.pathname}${url.search}`;
}
