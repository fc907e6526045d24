import { decodeBase64, decodePercent, encodeBase64 } from './encoding.ts';
import { isPlaceholder, kindOfHeader } from './names.ts';
import type { Scribe } from './scribe.ts';

/** A header field's value; a client sends the same fields with every request. */
export function rewriteHeader(name: string, value: string, scribe: Scribe): string {
  // What JSON becomes depends on the conversation that it stands in.
  if (value.startsWith('{') || value.startsWith('[')) return rewriteField(name, value, scribe);
  return scribe.once(name, value, () => rewriteField(name, value, scribe));
}

function rewriteField(name: string, value: string, scribe: Scribe): string {
  scribe.vault.see(value);
  const lower = name.toLowerCase();
  switch (lower) {
    case 'authorization':
    case 'proxy-authorization':
    case 'x-mcp-remote-auth':
      return credentials(value, scribe);
    case 'cookie':
      return value
        .split(';')
        .map((pair) => cookiePair(pair, scribe))
        .join(';');
    case 'set-cookie':
      return value
        .split('\n')
        .map((cookie) => setCookie(cookie, scribe))
        .join('\n');
    case 'location':
    case 'content-location':
    case 'referer':
    case 'origin':
      return scribe.address(value);
    case 'www-authenticate':
      scribe.vault.publishText(value);
      return scribe.prose(value, 0);
    default: {
      // MCP Inspector 1 says in one field which others carry credentials.
      if (lower.startsWith('x-custom-auth-header'))
        for (const word of words(value)) scribe.vault.secretHeaders.add(word);
      const kind = kindOfHeader(name) ?? (scribe.vault.secretHeaders.has(lower) ? 'key' : null);
      if (lower.startsWith('mcp-param-') && !isPlainValue(value)) return scribe.name('text', value);
      if (kind === null) return scribe.text(value);
      return isPlaceholder(value) ? value : kind === 'key' ? credentials(value, scribe) : scribe.name(kind, value);
    }
  }
}

/** `Authorization` (RFC 9110 section 11.6.2): the scheme stays, what follows it is secret. */
function credentials(value: string, scribe: Scribe): string {
  const space = value.indexOf(' ');
  const scheme = space < 0 ? '' : value.slice(0, space);
  const rest = value.slice(space + 1).trim();
  if (space < 0) return scribe.name('key', value);
  if (scheme.toLowerCase() === 'basic') return `${scheme} ${basic(rest, scribe)}`;
  const kind = scheme.toLowerCase() === 'bearer' || scheme.toLowerCase() === 'dpop' ? 'at' : 'key';
  return `${scheme} ${isPlaceholder(rest) ? rest : scribe.name(kind, rest)}`;
}

/** RFC 7617; the user is a client's public id at a token endpoint (RFC 6749 section 2.3.1). */
function basic(token: string, scribe: Scribe): string {
  const decoded = decodeBase64(token);
  const colon = decoded?.indexOf(':') ?? -1;
  if (decoded === null || colon < 0) return scribe.name('key', token);
  const password = decoded.slice(colon + 1);
  const shown = `${decoded.slice(0, colon)}:${scribe.name('secret', decodePercent(password))}`;
  return encodeBase64(shown);
}

function cookiePair(pair: string, scribe: Scribe): string {
  const sign = pair.indexOf('=');
  return sign < 0 ? pair : pair.slice(0, sign + 1) + scribe.name('cookie', pair.slice(sign + 1));
}

function setCookie(cookie: string, scribe: Scribe): string {
  const end = cookie.indexOf(';');
  if (end < 0) return cookiePair(cookie, scribe);
  return cookiePair(cookie.slice(0, end), scribe) + scribe.prose(cookie.slice(end), 1);
}

/** Field names in `X-A` or `["X-A","X-B"]`. */
function words(value: string): readonly string[] {
  return value.toLowerCase().match(/[a-z0-9-]+/g) ?? [];
}

/** A number or a truth value of a tool's argument: not personal, and the body shows it too. */
function isPlainValue(value: string): boolean {
  return value === 'true' || value === 'false' || (value.trim() !== '' && Number.isFinite(Number(value)));
}
