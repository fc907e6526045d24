import { BACKSLASH, stringAt } from './json-bytes.ts';
import { Needles } from './needles.ts';

/**
 * What tells that an exchange can matter to the story of an authorization. An exchange without any
 * of these is ordinary: it can still be an endpoint's, or carry a secret, by its URL and headers alone.
 */

/** In a URL: the parameters of OAuth messages, well-known paths, proxies, model APIs. */
const urlWords = [
  ...['code=', 'error=', 'state=', 'client_id=', 'request_uri=', 'response_type=', 'access_token=', 'grant_type='],
  ...['transporttype=', '.well-known', 'oauth', '/api/mcp/', '/v1/messages', '/chat/completions', '/responses'],
  ...['/converse', 'generatecontent'],
];
const inUrl = new Needles(urlWords, { ignoreCase: true });
/** Names whose letters are percent-escaped without need. */
const escapedLetter = /%(?:4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])/i;

/** In a body, as HAR escapes it: MCP, OAuth, metadata, conversations with a model. */
export const bodyMarks = new Needles(
  [
    ...['jsonrpc', 'grant_type', 'client_id', 'client_secret', 'redirect_uri', 'access_token', 'refresh_token'],
    ...['id_token', 'token_type', 'code_verifier', 'request_uri', 'authorization_', '_endpoint', 'issuer', 'jwks'],
    ...['"keys"', '"resource"', 'invalid_', 'insufficient_scope', 'mcp-', '/mcp', 'mcp.', 'mcp_', '"mcp', 'messages'],
    ...['"input"', '"contents"', '"message"', '"role"', '"parts"', 'state=', 'code=', 'error=', 'event: e', 'event:e'],
    // The same names inside a JSON string; letters and signs of ASCII that are needlessly escaped.
    ...['"keys', '"resource', '"input', '"contents', '"message', '"role', '"parts'].map((name) => `${name}\\"`),
    ...['2', '3', '4', '5', '6', '7'].map((digit) => `\\u00${digit}`),
  ],
  { ignoreCase: true },
);

/** Whether the URL in the JSON string at these bytes can belong to an authorization, a proxy's envelope or a model's API. */
export function isMarkedUrlAt(bytes: Uint8Array, from: number, to: number): boolean {
  if (inUrl.isIn(bytes, from, to)) {
    const url = stringAt(bytes, from, to)?.toLowerCase();
    if (url === undefined || urlWords.some((word) => url.includes(word))) return true;
  }
  if (isPlain(bytes, from, to)) return false;
  const url = stringAt(bytes, from, to);
  return url === null || escapedLetter.test(url) || urlWords.some((word) => url.toLowerCase().includes(word));
}

/** The same of a URL by itself. */
export function isMarkedUrlText(url: string): boolean {
  const lower = url.toLowerCase();
  return urlWords.some((word) => lower.includes(word)) || escapedLetter.test(url);
}

/** Whether nothing in a JSON string stands for something else. */
function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] === BACKSLASH || bytes[at] === PERCENT) return false;
  return true;
}

const PERCENT = 0x25;

/** Whether a body, as the HAR's JSON text has it, can belong to the story. */
export function isMarkedBody(bytes: Uint8Array, from: number, to: number): boolean {
  return bodyMarks.isIn(bytes, from, to);
}

const mediaFamilies = ['image/', 'font/', 'audio/', 'video/'];
const mediaTypes: ReadonlySet<string> = new Set([
  'text/css',
  'text/javascript',
  'application/javascript',
  'application/x-javascript',
  'application/ecmascript',
  'text/ecmascript',
  'application/wasm',
  'application/font-woff',
  'application/font-woff2',
  'application/x-font-ttf',
  'application/vnd.ms-fontobject',
]);

/** Whether a media type (lower case, without parameters) is a script's, style's, image's, font's, sound's or film's. */
export function isAsset(mimeType: string): boolean {
  return mediaTypes.has(mimeType) || mediaFamilies.some((family) => mimeType.startsWith(family));
}

const markedRequest = ['authorization', 'dpop', 'x-target-url', 'x-mcp-proxy-auth'];
const markedResponse = ['www-authenticate', 'location', 'dpop-nonce', 'proxy-authenticate', 'mcp-session-id'];
const keptResponse = [
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'cache-control',
  'cf-mitigated',
  'content-type',
  'non-authoritative-reason',
  'server',
];

export type HeaderUse = 'marks' | 'kept' | 'dropped';

/**
 * What a request's field means for its exchange, by its name's place in the bytes (no place: it is written in
 * an unusual way). Every field is kept, for a secret may stand in any.
 */
export function useOfRequestField(bytes: Uint8Array, from: number, to: number): HeaderUse {
  return from >= to || isAnyOf(bytes, from, to, markedRequest) || isMcpField(bytes, from, to) ? 'marks' : 'kept';
}

/** What a response's field means for its exchange; of ordinary ones only what says how the answer may be used is kept. */
export function useOfResponseField(bytes: Uint8Array, from: number, to: number): HeaderUse {
  if (from >= to || isAnyOf(bytes, from, to, markedResponse) || isMcpField(bytes, from, to)) return 'marks';
  return isAnyOf(bytes, from, to, keptResponse) ? 'kept' : 'dropped';
}

function isAnyOf(bytes: Uint8Array, from: number, to: number, names: readonly string[]): boolean {
  for (const name of names) if (name.length === to - from && startsWith(bytes, from, name)) return true;
  return false;
}

function isMcpField(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from > 4 && startsWith(bytes, from, 'mcp-');
}

/** Field names are case-insensitive (RFC 9110 section 5.1). */
function startsWith(bytes: Uint8Array, from: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const byte = bytes[from + index] ?? 0;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (lower !== text.charCodeAt(index)) return false;
  }
  return true;
}
