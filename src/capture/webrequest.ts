/**
 * Capture by `webRequest`: what the network log of DevTools lacks (popups, shared and service workers, streams still
 * open, what came before DevTools opened). It sees no answer's body. Here its events become HAR entries; which of
 * them matter, where they are kept and whom they are told is decided elsewhere.
 */
import { asObject, type Field, fieldOf, fieldsOf, fuller, type Json, textOf } from './har-json.ts';
import { impliedOrigin } from './request-origin.ts';

/** The events that are followed, in the order in which a request meets them. */
export const stages = ['before', 'sent', 'answered', 'redirected', 'completed', 'failed'] as const;
export type Stage = (typeof stages)[number];

/** What the browsers say of a request, as far as it is used (`webRequest` event details). */
export interface Details {
  readonly requestId: string;
  readonly url: string;
  readonly method: string;
  /** -1: no tab's own (shared and service workers). */
  readonly tabId: number;
  readonly frameId?: number;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly timeStamp: number;
  /** Chromium: origin of what asked. */
  readonly initiator?: string;
  /** Firefox: address of what asked. */
  readonly originUrl?: string;
  /** Firefox: whether it is a private window's. */
  readonly incognito?: boolean;
  readonly requestBody?: unknown;
  readonly requestHeaders?: unknown;
  /** Not all header fields were asked for: what Chromium then leaves out is unknown, not absent. */
  readonly headersLeftOut?: boolean;
  readonly responseHeaders?: unknown;
  readonly statusCode?: number;
  readonly statusLine?: string;
  readonly redirectUrl?: string;
  readonly fromCache?: boolean;
  readonly error?: string;
}

/** One request as far as it has been seen; a redirect's target is another. */
export interface WireRecord {
  /** Unique in the browser's session. */
  readonly id: string;
  readonly tab: number;
  /** Origin of what asked; empty when not said. */
  readonly initiator: string;
  readonly incognito: boolean;
  readonly entry: Json;
}

/** A record in the making: plain data, so that it outlives the background that makes it. */
export interface Hop extends WireRecord {
  readonly ended: boolean;
  /** The browser's own redirect to the same address (Firefox, a page under a service worker): the same request goes on. */
  readonly again: boolean;
  /** What a redirect led to. */
  readonly redirected: boolean;
}

/** Chromium's names of DevTools' resource types, by webRequest's. */
const kinds: Readonly<Record<string, string>> = {
  main_frame: 'document',
  sub_frame: 'document',
  xmlhttprequest: 'fetch',
  ping: 'ping',
  beacon: 'ping',
  other: 'other',
};

/** Longest request body kept, bytes. */
const longestBody = 1_000_000;

/**
 * What an event makes of a request: the next state of its record (at its beginning: one that goes on again). Null for an event of a request whose beginning
 * was not seen, or that never was on the wire.
 */
export function follow(stage: Stage, details: Details, before: Hop | null): Hop | null {
  if (stage === 'before') {
    if (!/^https?:/i.test(details.url)) return null;
    return before === null ? begun(details) : { ...before, again: false, ended: false };
  }
  if (before === null) return null;
  const request = asObject(before.entry.request);
  if (stage === 'sent') {
    const known = fieldsOf(request);
    // Two listeners may hear the same, one of them with fewer of its fields.
    const headers = fuller(sentIn(details, before), known);
    const asked = { ...request, headers };
    const preflight = details.method === 'OPTIONS' && fieldOf(asked, 'access-control-request-method') !== null;
    const { _headersLeftOut: wasInPart, ...rest } = before.entry;
    const inPart = isInPart(details, before) && (known.length === 0 || wasInPart === true);
    const entry: Json = { ...rest, request: typed(asked), ...(inPart ? { _headersLeftOut: true } : {}) };
    return { ...before, entry: preflight ? { ...entry, _resourceType: 'preflight' } : entry };
  }
  const time = Math.max(0, details.timeStamp - Number(before.entry._sent));
  if (stage === 'redirected' && details.redirectUrl === details.url) return { ...before, ended: true, again: true };
  const response = stage === 'failed' ? asObject(before.entry.response) : answer(details, before);
  // It was overtaken by the end.
  if (before.ended) return stage === 'answered' ? { ...before, entry: { ...before.entry, response } } : before;
  const { _pending: _, ...rest } = before.entry;
  const entry: Json = { ...rest, time, timings: { send: 0, wait: time, receive: 0 }, response };
  switch (stage) {
    case 'answered':
      return { ...before, entry: { ...entry, _pending: true } };
    case 'redirected':
      return {
        ...before,
        ended: true,
        entry: { ...entry, response: { ...response, redirectURL: details.redirectUrl ?? '' } },
      };
    case 'completed':
      return { ...before, ended: true, entry: details.fromCache ? { ...entry, _fromCache: 'disk' } : entry };
    case 'failed':
      return { ...before, ended: true, entry: { ...entry, _error: details.error ?? 'net::ERR_FAILED' } };
  }
}

/** Whether there is something to show: an answer that has begun, or an end. */
export function isTellable({ ended, again, entry }: Hop): boolean {
  return !again && (ended || entry._pending === true);
}

/** The header fields that were sent, with the `Origin` that is certain to be among those left out. */
function sentIn(details: Details, before: Hop): readonly Field[] {
  const shown = headersOf(details.requestHeaders);
  const isCertain = isInPart(details, before) && !before.redirected;
  const origin = isCertain ? impliedOrigin(details, before.initiator, shown) : null;
  return origin === null ? shown : [...shown, { name: 'Origin', value: origin }];
}

/** Of a document no rule reads what is left out: a link or a form may lead to it from anywhere. */
function isInPart({ headersLeftOut }: Details, { entry }: Hop): boolean {
  return headersLeftOut === true && entry._resourceType !== 'document';
}

function begun(details: Details): Hop {
  const { url, method, tabId, frameId, type, timeStamp } = details;
  const postData = bodyOf(details.requestBody);
  return {
    // The same for everyone who watches, also for who began amid its redirects.
    id: `${details.requestId}.${timeStamp}.${sumOf(url)}`,
    tab: tabId,
    initiator: originOf(details.initiator ?? details.originUrl ?? ''),
    incognito: details.incognito === true,
    ended: false,
    again: false,
    redirected: false,
    entry: {
      startedDateTime: new Date(timeStamp).toISOString(),
      time: 0,
      request: {
        method,
        url,
        httpVersion: '',
        headers: [],
        queryString: [],
        cookies: [],
        headersSize: -1,
        bodySize: -1,
        ...(postData === null ? {} : { postData }),
      },
      response: noAnswer,
      cache: {},
      timings: { send: 0, wait: 0, receive: 0 },
      _resourceType: kinds[type] ?? 'other',
      ...(tabId < 0 ? {} : { _tab: tabId, _context: (frameId ?? 0) > 0 ? 'frame' : 'page' }),
      _sent: timeStamp,
    },
  };
}

const noAnswer: Json = {
  status: 0,
  statusText: '',
  httpVersion: '',
  headers: [],
  cookies: [],
  content: { size: 0, mimeType: '' },
  redirectURL: '',
  headersSize: -1,
  bodySize: -1,
};

function answer({ responseHeaders, statusCode, statusLine }: Details, before: Hop): Json {
  const known = asObject(before.entry.response);
  const headers = fuller(headersOf(responseHeaders), fieldsOf(known));
  const words = (statusLine ?? '').split(' ');
  const message: Json = { ...known, headers };
  const length = fieldOf(message, 'content-length');
  return {
    ...message,
    status: statusCode ?? known.status,
    httpVersion: words[0] ?? '',
    statusText: words.slice(2).join(' '),
    // Its body is never seen: -1 is HAR's word for a size that is not known.
    content: { size: length === '0' ? 0 : -1, mimeType: fieldOf(message, 'content-type') ?? '' },
  };
}

/** The request with the media type that its headers name. */
function typed(request: Json): Json {
  if (request.postData === undefined) return request;
  const mimeType = fieldOf(request, 'content-type') ?? textOf(asObject(request.postData).mimeType);
  return { ...request, postData: { ...asObject(request.postData), mimeType } };
}

/** The body as text: of a form that the browser has parsed, or of bytes; null for none, for files and for what is no text. */
function bodyOf(value: unknown): Json | null {
  const { formData, raw } = asObject(value);
  if (formData !== undefined) {
    const form = new URLSearchParams();
    for (const [name, values] of Object.entries(asObject(formData)))
      for (const one of Array.isArray(values) ? values : []) if (typeof one === 'string') form.append(name, one);
    return { mimeType: 'application/x-www-form-urlencoded', text: form.toString() };
  }
  if (!Array.isArray(raw)) return null;
  const parts = raw.map((part) => asObject(part).bytes);
  if (!parts.every((part) => part instanceof ArrayBuffer)) return null;
  const size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (size === 0 || size > longestBody) return null;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  try {
    return { mimeType: '', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return null;
  }
}

function headersOf(value: unknown): Field[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const header = asObject(item);
    if (typeof header.name !== 'string') return [];
    const text = typeof header.value === 'string' ? header.value : latin1(header.binaryValue);
    return text === null ? [] : [{ name: header.name, value: text }];
  });
}

function latin1(bytes: unknown): string | null {
  return Array.isArray(bytes) ? String.fromCharCode(...bytes.slice(0, 8_192).map(Number)) : null;
}

/** Tells addresses apart (FNV-1a, 32 bits): a browser's own redirect may take no time at all. */
function sumOf(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return sum >>> 0;
}

function originOf(address: string): string {
  try {
    return new URL(address).origin;
  } catch {
    return '';
  }
}
