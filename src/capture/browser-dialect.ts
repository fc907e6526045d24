/**
 * The two browsers' ways of saying the same thing, met once: after this an entry of Firefox reads like Chromium's, and
 * both like what went over the wire. What the wire did not show is not made up.
 */
type Json = Record<string, unknown>;

/** Chromium's names of resource types, by the destination that a request names itself (Fetch Metadata). */
const typeOfDestination: Readonly<Record<string, string>> = {
  audio: 'media',
  document: 'document',
  embed: 'other',
  empty: 'fetch',
  font: 'font',
  frame: 'document',
  iframe: 'document',
  image: 'image',
  manifest: 'manifest',
  object: 'other',
  script: 'script',
  serviceworker: 'script',
  sharedworker: 'script',
  style: 'stylesheet',
  track: 'media',
  video: 'media',
  worker: 'script',
  xslt: 'other',
};

/** What the browsers write for an answer that named no media type. */
const unknownTypes: ReadonlySet<string> = new Set(['x-unknown', 'application/x-unknown-content-type']);

/** Redirect targets whose fragment is remembered, the latest. */
const mostTargets = 50;

/** Reads the entries of one tab, in order of arrival. */
export class BrowserDialect {
  /** Fragments of redirect targets, by address without fragment: Chromium leaves them out of the request that follows. */
  readonly #fragments = new Map<string, string>();

  /** The entry in one dialect; null for what never was on the wire (`data:`, `blob:`, an extension's own files). */
  read(entry: Json): Json | null {
    const request = asObject(entry.request);
    const response = asObject(entry.response);
    const url = typeof request.url === 'string' ? request.url : '';
    if (offTheWire(url)) return null;
    const changed: Json = { ...entry };
    const type = resourceTypeOf(entry);
    if (type !== null) changed._resourceType = type;
    const error = errorOf(entry, request, response);
    if (error !== undefined) changed._error = error;
    const known = withKnownType(response, error !== undefined);
    if (known !== response) changed.response = known;
    const whole = this.#withFragment(url);
    if (whole !== url) changed.request = { ...request, url: whole };
    this.#remember(url, response);
    return changed;
  }

  #remember(url: string, response: Json): void {
    const target = headerOf(response, 'location') ?? '';
    const hash = target.indexOf('#');
    if (hash < 0) return;
    try {
      const address = new URL(target, url);
      const fragment = address.hash;
      address.hash = '';
      this.#fragments.set(address.href, fragment);
    } catch {
      return;
    }
    const [oldest] = this.#fragments.keys();
    if (this.#fragments.size > mostTargets && oldest !== undefined) this.#fragments.delete(oldest);
  }

  #withFragment(url: string): string {
    const fragment = this.#fragments.get(url);
    if (fragment === undefined) return url;
    this.#fragments.delete(url);
    return `${url}${fragment}`;
  }
}

function offTheWire(url: string): boolean {
  const colon = url.indexOf(':');
  if (colon < 0) return false;
  const scheme = url.slice(0, colon).toLowerCase();
  return scheme === 'data' || scheme === 'blob' || scheme === 'about' || scheme.endsWith('-extension');
}

/** Chromium's name of an entry's resource type, whoever wrote it; null when nothing tells. */
export function resourceTypeOf({ request: asked, _resourceType }: Readonly<Json>): string | null {
  if (typeof _resourceType === 'string') return _resourceType;
  const request = asObject(asked);
  if (request.method === 'OPTIONS' && headerOf(request, 'access-control-request-method') !== null) return 'preflight';
  const destination = headerOf(request, 'sec-fetch-dest')?.toLowerCase() ?? '';
  return Object.hasOwn(typeOfDestination, destination) ? (typeOfDestination[destination] ?? null) : null;
}

/**
 * The error as it is: undefined leaves the entry's own. Firefox names none where CORS kept an answer from script;
 * Chromium calls a whole answer without a body aborted when script does not wait for its end.
 */
function errorOf(entry: Json, request: Json, response: Json): string | null | undefined {
  const said = entry._error ?? response._error;
  if (said === undefined) return blockedByCors(request, response) ? 'net::ERR_FAILED' : undefined;
  const answered = typeof response.status === 'number' && response.status >= 200 && response.status < 300;
  const bodiless = response.status === 202 || response.status === 204 || headerOf(response, 'content-length') === '0';
  const typed = headerOf(response, 'content-type') !== null;
  return said === 'net::ERR_ABORTED' && answered && bodiless && !typed ? null : undefined;
}

/** The CORS check of the Fetch standard, for a request that says itself that script made it across origins. */
function blockedByCors(request: Json, response: Json): boolean {
  if (request.method === 'OPTIONS' || typeof response.status !== 'number' || response.status === 0) return false;
  const origin = headerOf(request, 'origin');
  if (origin === null || headerOf(request, 'sec-fetch-mode')?.toLowerCase() !== 'cors') return false;
  if (typeof request.url !== 'string' || originOf(request.url) === origin) return false;
  const allowed = headerOf(response, 'access-control-allow-origin');
  if (allowed === null) return true;
  // Whether credentials were asked for shows only where a cookie went along.
  const credentials = headerOf(request, 'cookie') !== null;
  if (allowed === '*') return credentials;
  return allowed !== origin || (credentials && headerOf(response, 'access-control-allow-credentials') !== 'true');
}

function originOf(url: string): string | null {
  try {
    return new URL(url).origin;
  } catch {
    return null;
  }
}

/** The response without the browsers' placeholders for a type that was not named, and without an error told elsewhere. */
function withKnownType(response: Json, errorMoved: boolean): Json {
  const content = asObject(response.content);
  const placeholder = typeof content.mimeType === 'string' && unknownTypes.has(content.mimeType.toLowerCase());
  if (!placeholder && !(errorMoved && response._error !== undefined)) return response;
  const { _error: said, ...rest } = response;
  const kept = errorMoved || said === undefined ? rest : response;
  if (!placeholder) return kept;
  const { encoding, ...plain } = content;
  const empty = typeof content.text !== 'string';
  return { ...kept, content: { ...plain, mimeType: '', ...(empty || encoding === undefined ? {} : { encoding }) } };
}

function headerOf(message: Json, name: string): string | null {
  const { headers } = message;
  if (!Array.isArray(headers)) return null;
  for (const field of headers) {
    const { name: own, value } = asObject(field);
    if (typeof own === 'string' && typeof value === 'string' && own.toLowerCase() === name) return value;
  }
  return null;
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
