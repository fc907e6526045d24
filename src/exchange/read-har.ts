import type { Content, Context, Exchange, HeaderField, HeaderFields, Part, Problem } from './exchange.ts';
import { contexts, header } from './exchange.ts';
import { joinServiceWorkerTwins } from './service-worker.ts';

/** A HAR document read leniently: what could be read, and what could not. */
export interface HarReading {
  /** `log.creator` as `name version`; empty when not said. */
  readonly creator: string;
  /** Every entry, in file order: `exchanges[i].entry === i`. */
  readonly exchanges: readonly Exchange[];
  readonly problems: readonly Problem[];
  /** The input's `log` object, untouched; null when there is none. */
  readonly log: Fields | null;
}

type Fields = { readonly [key: string]: unknown };

/**
 * Reads a parsed HAR 1.1 or 1.2 document (or its `log` object).
 * Never throws: a field that is absent or of the wrong type becomes a Problem and reads as empty.
 */
export function readHar(document: unknown): HarReading {
  const problems: Problem[] = [];
  const top = fieldsOf(document);
  const log = fieldsOf(top?.log) ?? (Array.isArray(top?.entries) ? top : null);
  if (!log) {
    problems.push({ entry: -1, field: 'log', problem: 'not an object: this is no HAR' });
    return { creator: '', exchanges: [], problems, log: null };
  }
  const entries = Array.isArray(log.entries) ? (log.entries as readonly unknown[]) : [];
  if (!Array.isArray(log.entries)) problems.push({ entry: -1, field: 'log.entries', problem: 'not an array' });
  const exchanges: Exchange[] = [];
  for (const [index, entry] of entries.entries()) {
    const before = exchanges[index - 1]?.sent ?? 0;
    // A place without any value (JSON has no such thing) is that of an exchange read as a stream, and not kept.
    exchanges.push(readEntry(entry, index, index in entries ? problems : [], before));
  }
  const joined = joinServiceWorkerTwins(
    exchanges,
    ({ entry }) => fieldsOf(entries[entry])?._fetchedViaServiceWorker === true,
  );
  return { creator: creatorOf(log), exchanges: joined, problems, log };
}

/** `log.creator` in words, e.g. `WebInspector 537.36`. */
export function creatorOf(log: Fields): string {
  const creator = fieldsOf(log.creator);
  return [text(creator?.name), text(creator?.version)].filter((word) => word !== '').join(' ');
}

/**
 * Reads one HAR entry. Problems are appended to `problems` under the given index.
 * A status of -1 (Playwright) or an absent one reads as 0: no response seen.
 * `before` (milliseconds) stands in for a time that cannot be read.
 */
export function readEntry(entry: unknown, index: number, problems: Problem[], before: number): Exchange {
  const report = (field: string, problem: string): void => {
    problems.push({ entry: index, field, problem });
  };
  const fields = fieldsOf(entry) ?? {};
  if (!fieldsOf(entry)) report('', 'not an object');
  const request = fieldsOf(fields.request) ?? {};
  if (!fieldsOf(fields.request)) report('request', 'not an object');
  const response = fieldsOf(fields.response) ?? {};
  if (!fieldsOf(fields.response)) report('response', 'not an object');

  const method = text(request.method).toUpperCase();
  if (typeof request.url !== 'string') report('request.url', 'not a string');
  const started = readTime(fields.startedDateTime);
  if (Number.isNaN(started)) report('startedDateTime', 'not a date and time');
  const sent = Number.isNaN(started) ? before : started;
  const duration = typeof fields.time === 'number' && Number.isFinite(fields.time) ? Math.max(0, fields.time) : 0;
  const requestHeaders = readHeaders(request.headers, 'request.headers', report);
  const responseHeaders = readHeaders(response.headers, 'response.headers', report);
  const status = readStatus(response.status, report);
  const error =
    text(fields._error) || text(response._error) || text(response._failureText) || text(fields._failureText);
  const resourceType = text(fields._resourceType).toLowerCase();
  const pending = fields._pending === true;

  return {
    entry: index,
    sent,
    answered: sent + duration,
    method,
    url: text(request.url),
    request: { headers: requestHeaders, body: readPostData(request, requestHeaders, method, report) },
    headersLeftOut: fields._headersLeftOut === true || isBare(method, resourceType, pending, requestHeaders),
    response: {
      status,
      statusText: text(response.statusText),
      headers: responseHeaders,
      body: pending
        ? { state: 'missing', text: '', mimeType: mediaType(header(responseHeaders, 'content-type') ?? ''), size: null }
        : readContent(response, responseHeaders, status, method, report),
      location: header(responseHeaders, 'location') ?? (text(response.redirectURL) || null),
    },
    error: error === '' ? null : error,
    resourceType: resourceType === '' ? null : resourceType,
    fromCache: fields._fromCache !== undefined || status === 304,
    page: text(fields.pageref) || (typeof fields._tab === 'number' ? `tab ${fields._tab}` : text(fields._tab)) || null,
    part: fields._twin === true ? 'twin' : partOf(method, requestHeaders, resourceType),
    pending,
    context: contextOf(fields._context),
    envelope: null,
  };
}

function contextOf(value: unknown): Context | null {
  return contexts.find((context) => context === value) ?? null;
}

function partOf(method: string, headers: HeaderFields, resourceType: string): Part {
  const asks = header(headers, 'access-control-request-method') !== null;
  return resourceType === 'preflight' || (method === 'OPTIONS' && asks) ? 'preflight' : 'request';
}

/** A script's POST without `Origin`; of an open one it may be to come. */
function isBare(method: string, resourceType: string, pending: boolean, headers: HeaderFields): boolean {
  return !pending && method === 'POST' && resourceType === 'fetch' && header(headers, 'origin') === null;
}

type Report = (field: string, problem: string) => void;

/** A HAR date and time (ISO 8601, or milliseconds) as milliseconds since the epoch, fractions kept; NaN when it is none. */
export function readTime(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value !== 'string') return Number.NaN;
  const whole = Date.parse(value);
  if (Number.isNaN(whole)) return Number.NaN;
  // Date keeps milliseconds only; recorders write more digits, and order depends on them.
  const point = value.indexOf('.');
  if (point < 0) return whole;
  let end = point + 1;
  while (end < value.length && value.charCodeAt(end) >= 48 && value.charCodeAt(end) <= 57) end += 1;
  const digits = value.slice(point + 1, end);
  return digits.length <= 3 ? whole : whole + Number(`0.${digits.slice(3, 9)}`);
}

function readStatus(value: unknown, report: Report): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value > 0 && value < 1000 ? value : 0;
  if (value !== undefined && value !== null) report('response.status', 'not a number');
  return 0;
}

function readHeaders(value: unknown, field: string, report: Report): HeaderFields {
  if (!Array.isArray(value)) {
    if (value !== undefined) report(field, 'not an array');
    return [];
  }
  const headers: HeaderField[] = [];
  for (const item of value as readonly unknown[]) {
    const pair = fieldsOf(item);
    if (!pair || typeof pair.name !== 'string' || typeof pair.value !== 'string') {
      report(field, 'a header without name or value');
      continue;
    }
    headers.push({ name: pair.name, value: pair.value });
  }
  return headers;
}

function readPostData(request: Fields, headers: HeaderFields, method: string, report: Report): Content {
  const size = readSize(request.bodySize);
  const data = fieldsOf(request.postData);
  const declared = mediaType(text(data?.mimeType) || (header(headers, 'content-type') ?? ''));
  if (!data) {
    const expected = (size ?? 0) > 0 || announcesContent(headers);
    return { state: mayHaveBody(method) && expected ? 'missing' : 'absent', text: '', mimeType: declared, size };
  }
  const isEmpty = (data.text ?? '') === '' && (!Array.isArray(data.params) || data.params.length === 0);
  if (isEmpty && size !== 0 && mayHaveBody(method) && announcesContent(headers)) {
    if (data.text === undefined && data.params === undefined) report('request.postData', 'neither text nor params');
    return { state: 'missing', text: '', mimeType: declared, size };
  }
  if (typeof data.text === 'string' && (data.text !== '' || !Array.isArray(data.params))) {
    return decoded(data.text, text(data.encoding) || text(data._encoding), declared, size, cutMark(data));
  }
  if (Array.isArray(data.params)) {
    // HAR 1.2 allows parsed parameters in place of the text.
    const form = new URLSearchParams();
    for (const item of data.params as readonly unknown[]) {
      const pair = fieldsOf(item);
      if (pair && typeof pair.name === 'string') form.append(unescaped(pair.name), unescaped(text(pair.value)));
    }
    return { state: 'whole', text: form.toString(), mimeType: declared || 'application/x-www-form-urlencoded', size };
  }
  report('request.postData', 'neither text nor params');
  return { state: 'missing', text: '', mimeType: declared, size };
}

function mayHaveBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

/** A length, or where HTTP/2 has none a media type, tells of content (RFC 9110 sections 8.3 and 8.6). */
function announcesContent(headers: HeaderFields): boolean {
  const length = header(headers, 'content-length');
  return length === null ? header(headers, 'content-type') !== null : Number(length) > 0;
}

/** Recorders disagree whether `params` are percent-encoded; a decoded value must survive untouched. */
function unescaped(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function readContent(response: Fields, headers: HeaderFields, status: number, method: string, report: Report): Content {
  const content = fieldsOf(response.content);
  const size = readSize(content?.size);
  const declared = mediaType(text(content?.mimeType) || (header(headers, 'content-type') ?? ''));
  if (content && typeof content.text === 'string' && content.text !== '') {
    return decoded(content.text, text(content.encoding), declared, size, cutMark(content));
  }
  if (content && content.text !== undefined && typeof content.text !== 'string') {
    report('response.content.text', 'not a string');
  }
  const bodyless = method === 'HEAD' || status < 200 || status === 204 || status === 205 || status === 304;
  const absent = bodyless || (size === 0 && !mayHaveLostBody(headers, status, content?.text));
  return { state: absent ? 'absent' : 'missing', text: '', mimeType: declared, size };
}

/**
 * Recorders also write a size of 0 for a body that they lost; the answer's own length tells. HTTP/2 needs none: then
 * the answer was seen to be empty only where an empty text was recorded, and not if it has a media type and should hold
 * a document (200, 201). What a redirect holds beside its Location is nobody's question.
 */
function mayHaveLostBody(headers: HeaderFields, status: number, recorded: unknown): boolean {
  const length = header(headers, 'content-length');
  if (length !== null) return Number(length) > 0;
  const isDue = (status === 200 || status === 201) && header(headers, 'content-type') !== null;
  return isDue || (recorded !== '' && (status < 300 || status >= 400));
}

function cutMark(fields: Fields): boolean {
  return fields._truncated === true || fields._cut === true;
}

function decoded(value: string, encoding: string, mimeType: string, size: number | null, cut: boolean): Content {
  const state = cut ? 'cut' : 'whole';
  if (encoding.toLowerCase() !== 'base64') return { state, text: value, mimeType, size };
  const plain = decodeBase64(value, cut);
  return plain === null ? { state: 'binary', text: '', mimeType, size } : { state, text: plain, mimeType, size };
}

/** Base64 (RFC 4648 section 4) of UTF-8 text; null when the bytes are not text. */
function decodeBase64(value: string, cut: boolean): string | null {
  try {
    const bytes = Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: !cut }).decode(bytes);
  } catch {
    return null;
  }
}

function readSize(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** The media type without parameters, lower case. */
export function mediaType(value: string): string {
  const end = value.indexOf(';');
  return (end < 0 ? value : value.slice(0, end)).trim().toLowerCase();
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
