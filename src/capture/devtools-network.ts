/**
 * Capture by `devtools.network`: needs no host permission. It does not see
 * popups, shared workers, streams still open, or what happened before DevTools
 * opened; in Firefox not a service worker's own requests either.
 */

import { BrowserDialect, resourceTypeOf } from './browser-dialect.ts';
import { Pace } from './pace.ts';
import { relevanceOf } from './relevance.ts';

/** A finished request as both browsers hand it over: a HAR entry with a way to its body. */
export interface FinishedRequest {
  readonly request?: unknown;
  readonly response?: unknown;
  readonly _resourceType?: unknown;
  /** Chromium's second argument is the encoding (`base64` or empty), Firefox's is the media type. */
  getContent(callback: (content: string | null | undefined, encodingOrType?: string) => void): void;
}

export interface NetworkApi {
  readonly onRequestFinished: {
    addListener(listener: (request: FinishedRequest) => void): void;
    removeListener(listener: (request: FinishedRequest) => void): void;
  };
}

/** How long a body may take before its entry goes out without it, in milliseconds. */
const patience = 5_000;

type Json = Record<string, unknown>;

export interface NetworkLimits {
  /** Milliseconds. */
  readonly wait?: number;
  /** Longest body that is kept now, UTF-16 code units. */
  longestBody?(): number;
  /** Called for each finished request at once, also for one that waits. */
  arrived?(): void;
}

/**
 * Delivers each finished request as a HAR entry whose `content.text` is filled, in order of arrival: a slow body holds
 * back what came after it, at most for `wait`. Reading and asking for bodies take time from the page: of a burst what no
 * rule needs is read when it is over. A longer body is cut and marked, one that is no text is not kept. Returns the way
 * to stop.
 */
export function watchNetwork(
  api: NetworkApi,
  deliver: (entry: unknown) => void,
  { wait = patience, longestBody = () => Number.POSITIVE_INFINITY, arrived }: NetworkLimits = {},
): () => void {
  const queue: { entry: Json | null }[] = [];
  const place = (): ((filled: Json) => void) => {
    const slot: { entry: Json | null } = { entry: null };
    queue.push(slot);
    return (filled) => {
      slot.entry = filled;
      while (queue[0]?.entry) deliver(queue.shift()?.entry);
    };
  };
  const dialect = new BrowserDialect();
  const pace = new Pace();
  const take = (request: FinishedRequest, asks: boolean): void => {
    const entry = dialect.read(plainEntry(request));
    if (entry === null) return;
    const settle = place();
    if (!asks || !wantsBody(entry)) settle(entry);
    else askForBody(request, wait, (...body) => settle(withBody(entry, ...body, longestBody())));
  };
  const listener = (request: FinishedRequest): void => {
    arrived?.();
    if (canWait(request))
      pace.take(
        () => take(request, true),
        () => take(request, false),
      );
    else take(request, true);
  };
  api.onRequestFinished.addListener(listener);
  return () => {
    api.onRequestFinished.removeListener(listener);
    pace.stop();
  };
}

/** Whether no rule needs it, as far as its answer's body does not tell. */
function canWait({ request, response, _resourceType }: FinishedRequest): boolean {
  return relevanceOf({ request, response, _resourceType: resourceTypeOf({ request, _resourceType }) }) === 'none';
}

type Answer = [content: string | null | undefined, encodingOrType: string | undefined];

/** Answers once: with nothing when that takes longer than `wait`, or the interface throws. */
function askForBody(request: FinishedRequest, wait: number, answer: (...body: Answer) => void): void {
  let waiting = true;
  const once = (...body: Answer): void => {
    clearTimeout(timer);
    if (waiting) answer(...body);
    waiting = false;
  };
  const timer = setTimeout(() => once(null, undefined), wait);
  try {
    request.getContent((content, encodingOrType) => once(content, encodingOrType));
  } catch {
    once(null, undefined);
  }
}

/** Fields only: the browsers' methods cannot be sent to another context. */
function plainEntry(request: FinishedRequest): Json {
  const entry: Json = {};
  for (const [key, value] of Object.entries(request)) {
    if (typeof value !== 'function' && key !== '__proto__') entry[key] = value;
  }
  return entry;
}

const bodiless = new Set(['script', 'stylesheet', 'image', 'font', 'media', 'preflight', 'ping', 'websocket']);
const skippedTypes = [
  ...['image/', 'font/', 'audio/', 'video/', 'text/css', 'text/javascript'],
  ...['application/wasm', 'application/pdf', 'application/zip', 'application/gzip'],
];

/** Whether the body can matter: JSON, event streams, forms, text and unknown types do; page furniture does not. */
export function wantsBody(entry: unknown): boolean {
  const fields = asObject(entry);
  const kind = fields._resourceType;
  if (typeof kind === 'string' && bodiless.has(kind.toLowerCase())) return false;
  if (asObject(fields.request).method === 'OPTIONS') return false;
  const response = asObject(fields.response);
  if (response.status === 204 || response.status === 304) return false;
  const type = asObject(response.content).mimeType;
  const media = typeof type === 'string' ? type.toLowerCase() : '';
  if (media.includes('javascript') || media.includes('ecmascript')) return false;
  return !skippedTypes.some((skipped) => media.startsWith(skipped));
}

function withBody(
  entry: Json,
  body: string | null | undefined,
  encodingOrType: string | undefined,
  longest: number,
): Json {
  if (typeof body !== 'string' || body === '') return entry;
  const response = asObject(entry.response);
  const content: Json = { ...asObject(response.content) };
  const encoded = encodingOrType === 'base64';
  if (encoded && isBinary(body)) {
    Object.assign(content, { text: noText, comment: 'binary: not kept' });
  } else if (body.length > longest) {
    // Whole groups of four: what is left is base64 still.
    const end = encoded ? longest - (longest % 4) : longest;
    content.text = body.slice(0, end);
    Object.assign(content, { _truncated: true, comment: `only the first ${end} characters were kept` });
  } else content.text = body;
  if (encoded) content.encoding = 'base64';
  else if (encodingOrType?.includes('/') && !content.mimeType) content.mimeType = encodingOrType;
  return { ...entry, response: { ...response, content } };
}

/** Base64 of one byte that is in no UTF-8 text: HAR's only way to say that a body is binary. */
const noText = '/w==';
/** As much of a body is looked at, base64 characters. */
const sample = 4_096;

/** Whether what the browser could not type is no text either: its beginning is no UTF-8, or holds a NUL. */
function isBinary(base64: string): boolean {
  try {
    const bytes = Uint8Array.from(atob(base64.slice(0, sample)), (character) => character.charCodeAt(0));
    return bytes.includes(0) || !new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return true;
  }
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
