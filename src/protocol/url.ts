import { type Form, parseForm } from './form.ts';

/** Where an absolute URL leads, its parameters aside. */
export interface Place {
  /** `https://host:port`; for schemes without an origin, `scheme://host`. */
  readonly origin: string;
  readonly path: string;
  /** Origin and path: what an endpoint is compared by. */
  readonly endpoint: string;
  /** With the port, where it is not the scheme's own. */
  readonly host: string;
  /** With the colon, as in `https:`. */
  readonly protocol: string;
}

/** An absolute URL, taken apart. */
export interface Target extends Place {
  /** The query's fields; ranges are offsets in the whole URL text. */
  readonly query: Form;
  /** Without the `#`; null when there is none. */
  readonly fragment: string | null;
  /** The fragment's fields (behind its `?` where a hash router put one); ranges as in `query`. */
  readonly fragmentForm: Form | null;
}

/** Where a URL leads (WHATWG URL), without a look at its parameters; null when it is no absolute URL. */
export function readPlace(url: string): Place | null {
  const text = withoutParameters(url);
  const known = places.get(text);
  if (known !== undefined) return known;
  const parsed = parseUrl(text);
  if (parsed === null) return null;
  const { protocol, host, pathname: path } = parsed;
  const web = protocol === 'https:' || protocol === 'http:';
  const origin = web ? parsed.origin : `${protocol}//${host}`;
  const place = { origin, path, endpoint: origin + path, host, protocol };
  // By texts of the parser's own making: a part of `url` would keep all of it in memory, and the code in its query.
  if (text === place.endpoint) remember(place.endpoint, place);
  else if (text === origin) remember(origin, place);
  return place;
}

/** The places that came up lately, by their endpoint or origin: a log has few, and names them all the time. */
const places = new Map<string, Place>();
const MOST_PLACES = 512;
/** UTF-16 code units. */
const LONGEST_PLACE = 512;

function remember(text: string, place: Place): void {
  if (text.length > LONGEST_PLACE) return;
  if (places.size >= MOST_PLACES) places.clear();
  places.set(text, place);
}

/** A URL up to its query or fragment; the whole of it where a space stands before them, which is dropped only at the end. */
function withoutParameters(url: string): string {
  const hash = url.indexOf('#');
  const question = url.indexOf('?');
  const end = question >= 0 && (hash < 0 || question < hash) ? question : hash;
  return end <= 0 || url.charCodeAt(end - 1) <= 0x20 ? url : url.slice(0, end);
}

/** A URL to compare by: normalised, without its fragment; a text that is no URL is itself. */
export function urlKey(url: string): string {
  const parsed = parseUrl(url);
  if (parsed === null) return url;
  parsed.hash = '';
  return parsed.href;
}

/** A URL without query and fragment, which is an occasion's name; a text that is no URL is itself. */
export function endpointOf(url: string): string {
  return readPlace(url)?.endpoint ?? url;
}

/** Where a metadata document lies, to compare by: clients differ in a slash at the end. */
export function documentKey(url: string): string {
  const endpoint = endpointOf(url);
  return endpoint.endsWith('/') ? endpoint.slice(0, -1) : endpoint;
}

/** `https://host:port` of a URL; null when it is none. */
export function originOf(url: string): string | null {
  return readPlace(url)?.origin ?? null;
}

/** Reads an absolute URL (WHATWG URL); null when it is none. */
export function readTarget(url: string): Target | null {
  const place = readPlace(url);
  if (place === null) return null;
  const { origin, path, endpoint, host, protocol } = place;
  const end = url.trimEnd().length;
  const hash = url.indexOf('#');
  const queryEnd = hash < 0 ? end : hash;
  const question = url.indexOf('?');
  const hasQuery = question >= 0 && question < queryEnd;
  const fragment = hash < 0 ? null : url.slice(hash + 1, Math.max(hash + 1, end));
  return {
    origin,
    path,
    query: hasQuery ? parseForm(url, question + 1, queryEnd) : { fields: [] },
    fragment,
    fragmentForm: fragment === null ? null : readFragment(url, hash + 1, end),
    endpoint,
    host,
    protocol,
  };
}

/** The WHATWG URL of a text, null when it has none. */
export function parseUrl(url: string): URL | null {
  // Every absolute URL has a scheme; the exception for what has none costs more than ten URLs.
  if (!url.includes(':')) return null;
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

/**
 * Whether a host (port allowed) is this machine: `localhost` and names under it (RFC 6761 section 6.3),
 * `127.0.0.0/8`, `[::1]`.
 */
export function isLoopback(host: string): boolean {
  const name = withoutPort(host).toLowerCase();
  if (name === 'localhost' || name === 'localhost.' || name === '[::1]' || name === '::1') return true;
  if (name.endsWith('.localhost') || name.endsWith('.localhost.')) return true;
  const octets = name.length > 15 ? [] : name.split('.');
  return octets.length === 4 && octets[0] === '127' && octets.every(isOctet);
}

function readFragment(url: string, start: number, end: number): Form {
  const question = url.indexOf('?', start);
  return parseForm(url, question >= 0 && question < end ? question + 1 : start, end);
}

function withoutPort(host: string): string {
  if (host.startsWith('[')) {
    const close = host.indexOf(']');
    return close < 0 ? host : host.slice(0, close + 1);
  }
  const colon = host.indexOf(':');
  return colon >= 0 && colon === host.lastIndexOf(':') ? host.slice(0, colon) : host;
}

function isOctet(text: string): boolean {
  return text !== '' && [...text].every((digit) => digit >= '0' && digit <= '9') && Number(text) <= 255;
}
