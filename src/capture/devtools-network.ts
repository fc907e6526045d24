/**
 * Capture by `devtools.network`: needs no host permission. It does not see
 * popups, shared workers, streams still open, or what happened before DevTools
 * opened; in Firefox not a service worker's own requests either.
 */

import { BrowserDialect } from './browser-dialect.ts';

/** A finished request as both browsers hand it over: a HAR entry with a way to its body. */
export interface FinishedRequest {
  readonly request?: unknown;
  readonly response?: unknown;
  /** Chromium's second argument is the encoding (`base64` or empty), Firefox's is the media type. */
  getContent(callback: (content: string | null | undefined, encodingOrType?: string) => void): void;
}

export interface NetworkApi {
  readonly onRequestFinished: {
    addListener(listener: (request: FinishedRequest) => void): void;
    removeListener(listener: (request: FinishedRequest) => void): void;
  };
}

/** Longest body kept, in UTF-16 code units; what is cut is told by `content.size`. */
const longestBody = 4_000_000;
/** How long a body may take before its entry goes out without it, in milliseconds. */
const patience = 5_000;

type Json = Record<string, unknown>;

/**
 * Delivers each finished request as a HAR entry whose `content.text` is filled,
 * in order of arrival: a slow body holds back what came after it, at most for
 * `wait` milliseconds. Returns the way to stop.
 */
export function watchNetwork(api: NetworkApi, deliver: (entry: unknown) => void, wait = patience): () => void {
  const queue: { entry: Json | null }[] = [];
  const flush = (): void => {
    while (queue[0]?.entry) {
      const first = queue.shift();
      if (first?.entry) deliver(first.entry);
    }
  };
  const dialect = new BrowserDialect();
  const listener = (request: FinishedRequest): void => {
    const entry = dialect.read(plainEntry(request));
    if (entry === null) return;
    const slot: { entry: Json | null } = { entry: null };
    queue.push(slot);
    const settle = (filled: Json): void => {
      if (slot.entry !== null) return;
      slot.entry = filled;
      flush();
    };
    if (!wantsBody(entry)) {
      settle(entry);
      return;
    }
    const timer = setTimeout(() => settle(entry), wait);
    const done = (content: string | null | undefined, encodingOrType?: string): void => {
      clearTimeout(timer);
      settle(withBody(entry, content, encodingOrType));
    };
    try {
      request.getContent(done);
    } catch {
      done(null);
    }
  };
  api.onRequestFinished.addListener(listener);
  return () => api.onRequestFinished.removeListener(listener);
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
const skippedTypes = ['image/', 'font/', 'audio/', 'video/', 'text/css', 'text/javascript', 'application/wasm'];

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

function withBody(entry: Json, body: string | null | undefined, encodingOrType: string | undefined): Json {
  if (typeof body !== 'string' || body === '') return entry;
  const response = asObject(entry.response);
  const content: Json = { ...asObject(response.content) };
  content.text = body.length > longestBody ? body.slice(0, longestBody) : body;
  if (body.length > longestBody) content.comment = `only the first ${longestBody} characters were kept`;
  if (encodingOrType === 'base64') content.encoding = 'base64';
  else if (encodingOrType?.includes('/') && !content.mimeType) content.mimeType = encodingOrType;
  return { ...entry, response: { ...response, content } };
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
