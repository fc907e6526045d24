import { isText, QUOTE, skipSpace, skipString } from './json-bytes.ts';

/**
 * What tells that an exchange can matter to the story of an authorization. An exchange without any
 * of these is ordinary: it can still be an endpoint's, or carry a secret, by its URL and headers alone.
 */

/** In a URL: the parameters of OAuth messages, well-known paths, proxies, model APIs; names in percent-escapes. */
const inUrl =
  /(?:code|error|state|client_id|request_uri|response_type|access_token|grant_type|transporttype)=|\.well-known|oauth|\/api\/mcp\/|\/v1\/messages|\/chat\/completions|\/responses|\/converse|generatecontent|%(?:4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])/i;

/** In a body, as HAR escapes it: MCP, OAuth, metadata, conversations with a model. */
const inBody =
  /jsonrpc|grant_type|client_id|client_secret|redirect_uri|access_token|refresh_token|id_token|token_type|code_verifier|request_uri|authorization_|_endpoint|issuer|jwks|\\"keys\\"|"keys"|\\"resource\\"|"resource"|invalid_|insufficient_scope|mcp|messages|\\"(?:input|contents|message|role|parts)\\"|state=|code=|error=|event: ?endpoint|\\u00[2-7]/i;

/** Whether a URL can belong to an authorization, a proxy's envelope or a model's API. */
export function isMarkedUrl(url: string): boolean {
  return inUrl.test(url);
}

/** Whether a body, given as the HAR's JSON text, can belong to the story. */
export function isMarkedBody(json: string): boolean {
  return inBody.test(json);
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

/** What a request's field means for its exchange; every one is kept, for a secret may stand in any. */
export function useOfRequestField(bytes: Uint8Array, from: number, to: number): HeaderUse {
  if (!findName(bytes, from, to)) return 'marks';
  return isAnyOf(bytes, markedRequest) || isMcpField(bytes) ? 'marks' : 'kept';
}

/** What a response's field means for its exchange; of ordinary ones only what says how the answer may be used is kept. */
export function useOfResponseField(bytes: Uint8Array, from: number, to: number): HeaderUse {
  if (!findName(bytes, from, to)) return 'marks';
  if (isAnyOf(bytes, markedResponse) || isMcpField(bytes)) return 'marks';
  return isAnyOf(bytes, keptResponse) ? 'kept' : 'dropped';
}

/** Where the name last found stands. */
let nameStart = 0;
let nameEnd = 0;

/** Finds the name in `{"name":"...","value":"..."}`; false when the object is written another way. */
function findName(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes[from] !== 0x7b) return false;
  const key = skipSpace(bytes, from + 1, to);
  if (!isText(bytes, key, key + 6, '"name"')) return false;
  const colon = skipSpace(bytes, key + 6, to);
  if (bytes[colon] !== 0x3a) return false;
  const quote = skipSpace(bytes, colon + 1, to);
  if (bytes[quote] !== QUOTE) return false;
  const end = skipString(bytes, quote, to);
  if (end < 0) return false;
  nameStart = quote + 1;
  nameEnd = end - 1;
  for (let at = nameStart; at < nameEnd; at += 1) if (bytes[at] === 0x5c) return false;
  return isValueLast(bytes, end, to);
}

/** Whether `,"value":"..."}` follows and nothing else. */
function isValueLast(bytes: Uint8Array, from: number, to: number): boolean {
  const comma = skipSpace(bytes, from, to);
  if (bytes[comma] !== 0x2c) return false;
  const key = skipSpace(bytes, comma + 1, to);
  if (!isText(bytes, key, key + 7, '"value"')) return false;
  const colon = skipSpace(bytes, key + 7, to);
  if (bytes[colon] !== 0x3a) return false;
  const quote = skipSpace(bytes, colon + 1, to);
  if (bytes[quote] !== QUOTE) return false;
  const end = skipString(bytes, quote, to);
  return end > 0 && skipSpace(bytes, end, to) === to - 1;
}

function isAnyOf(bytes: Uint8Array, names: readonly string[]): boolean {
  for (const name of names) {
    if (name.length === nameEnd - nameStart && startsWith(bytes, name)) return true;
  }
  return false;
}

function isMcpField(bytes: Uint8Array): boolean {
  return nameEnd - nameStart > 4 && startsWith(bytes, 'mcp-');
}

/** Field names are case-insensitive (RFC 9110 section 5.1). */
function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const byte = bytes[nameStart + index] ?? 0;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (lower !== text.charCodeAt(index)) return false;
  }
  return true;
}
