import { ByteStore, Numbers } from './byte-store.ts';
import type { EntryOutline, Member } from './entry-outline.ts';
import { members } from './entry-outline.ts';
import type { Exchange, HttpMessage, HttpResponse, Part, Problem } from './exchange.ts';
import { HeaderTable } from './header-table.ts';
import { OPEN_ARRAY, OPEN_OBJECT, QUOTE, stringAt, textOf } from './json-bytes.ts';
import { isAsset, isMarkedBody, isMarkedUrl, useOfRequestField, useOfResponseField } from './markers.ts';
import { mediaType, readEntry, readTime } from './read-har.ts';

const at = (member: Member): number => members.indexOf(member);
const URL_AT = at('request.url');
const STARTED = at('startedDateTime');
const TIME = at('time');
const POST_DATA = at('request.postData');
const CONTENT_TEXT = at('response.content.text');
const ENCODING = at('response.content.encoding');
const MIME_TYPE = at('response.content.mimeType');
const SIZE = at('response.content.size');
const RESPONSE = at('response');
const STATUS = at('response.status');
const REQUEST_HEADERS = at('request.headers');
const RESPONSE_HEADERS = at('response.headers');
const LOCATION = at('response.redirectURL');
/** What many entries have alike: an entry keeps only the number of its kind. */
const alike = (
  [
    '_resourceType',
    '_fromCache',
    '_error',
    '_failureText',
    'pageref',
    '_tab',
    '_fetchedViaServiceWorker',
    'request.method',
    'request.bodySize',
    'response.status',
    'response.statusText',
    'response._error',
    'response._failureText',
    'response.content.mimeType',
    'response.content.encoding',
  ] as const
).map((member) => [member, at(member)] as const);
const required: readonly number[] = [at('request'), at('response'), at('request.method'), URL_AT, STARTED];

/** Members of an entry, nested as in HAR. */
interface Kind {
  readonly entry: object;
  readonly request: object;
  readonly response: object;
  readonly content: object | null;
  readonly body: 'none' | 'text' | 'base64';
}

/**
 * The exchanges of a log that have nothing to do with authorization, as far as they show by themselves.
 * Each keeps its URL, the request's headers and body and the times in a few bytes, and is put
 * together anew whenever it is asked for; the response's body is gone.
 */
export class OrdinaryExchanges {
  readonly #urls = new ByteStore();
  readonly #bodies = new ByteStore();
  readonly #fields = new HeaderTable();
  readonly #kinds: Kind[] = [];
  readonly #kindNumbers = new Map<string, number>();
  readonly #sent = new Numbers(Float64Array);
  readonly #duration = new Numbers(Float64Array);
  readonly #size = new Numbers(Float64Array);
  readonly #kind = new Numbers(Uint32Array);
  readonly #body = new Numbers(Int32Array);
  /** Numbers of the header fields of all, one after the other: the request's, -1, the response's. */
  readonly #headers = new Numbers(Int32Array);
  readonly #headersEnd = new Numbers(Float64Array);
  /** By the number of a field: 1 where it marks the requests that carry it. */
  readonly #isMark = new Numbers(Uint8Array);

  /** Takes in the entry whose outline was just read; null when it can matter, or is written so that only a parser understands it. */
  take(bytes: Uint8Array, outline: EntryOutline, entry: number): OrdinaryExchange | null {
    if (outline.odd || required.some((member) => outline.start(member) < 0)) return null;
    const urlStart = outline.start(URL_AT);
    if (bytes[urlStart] !== QUOTE || bytes[outline.start(STARTED)] !== QUOTE) return null;
    const url = stringAt(bytes, urlStart, outline.end(URL_AT));
    if (url === null || isMarkedUrl(url)) return null;
    const sent = readTime(stringAt(bytes, outline.start(STARTED), outline.end(STARTED)));
    const duration = numberAt(bytes, outline, TIME);
    if (Number.isNaN(sent) || Number.isNaN(duration)) return null;
    if (outline.start(LOCATION) >= 0 && outline.end(LOCATION) - outline.start(LOCATION) > 2) return null;
    if (!isWellFormed(bytes, outline)) return null;
    const kind = this.#kindOf(bytes, outline);
    if (kind === null || !this.#hasOrdinaryBodies(bytes, outline)) return null;
    const length = this.#headers.length;
    if (!this.#takeHeaders(bytes, outline)) {
      this.#headers.truncate(length);
      return null;
    }
    this.#headersEnd.push(this.#headers.length);
    this.#urls.add(bytes, urlStart, outline.end(URL_AT));
    this.#sent.push(sent);
    this.#duration.push(Math.max(0, duration));
    const size = outline.start(SIZE) < 0 ? -1 : numberAt(bytes, outline, SIZE);
    this.#size.push(Number.isNaN(size) ? -1 : size);
    this.#kind.push(kind);
    const body = outline.start(POST_DATA);
    this.#body.push(body < 0 ? -1 : this.#bodies.add(bytes, body, outline.end(POST_DATA)));
    return new OrdinaryExchange(this, this.#sent.length - 1, entry);
  }

  sent(index: number): number {
    return this.#sent.at(index);
  }

  duration(index: number): number {
    return this.#duration.at(index);
  }

  url(index: number): string {
    const bytes = this.#urls.get(index);
    return stringAt(bytes, 0, bytes.length) ?? '';
  }

  isWorkersPage(index: number): boolean {
    return fieldOf(this.#kindAt(index)?.entry, '_fetchedViaServiceWorker') === true;
  }

  /** The entry as far as it was kept, in HAR's form, without its response's body. */
  raw(index: number): { readonly [key: string]: unknown } {
    const kind = this.#kindAt(index);
    const size = this.#size.at(index);
    const body = this.#body.at(index);
    const headers = { request: this.#fieldsOf(index, false), response: this.#fieldsOf(index, true) };
    return {
      ...kind?.entry,
      startedDateTime: timestamp(this.sent(index)),
      time: this.duration(index),
      request: {
        ...kind?.request,
        url: this.url(index),
        headers: headers.request,
        ...(body < 0 ? {} : { postData: parsed(this.#bodies.get(body)) }),
      },
      response: {
        ...kind?.response,
        headers: headers.response,
        ...(kind?.content ? { content: { ...kind.content, ...(size < 0 ? {} : { size }) } } : {}),
      },
    };
  }

  /** What the response's body was, before it was dropped. */
  bodyOf(index: number): Kind['body'] {
    return this.#kindAt(index)?.body ?? 'none';
  }

  /** Bytes of the request in which a secret may stand: its URL, its body, and each header field once for all. */
  *requestBytes(index: number): Iterable<Uint8Array> {
    yield this.#urls.get(index);
    const body = this.#body.at(index);
    if (body >= 0) yield this.#bodies.get(body);
  }

  /** Numbers of the request's header fields. */
  *fieldNumbers(index: number): Iterable<number> {
    const end = this.#headersEnd.at(index);
    for (let at = index === 0 ? 0 : this.#headersEnd.at(index - 1); at < end; at += 1) {
      const number = this.#headers.at(at);
      if (number < 0) return;
      yield number;
    }
  }

  get fieldCount(): number {
    return this.#fields.size;
  }

  fieldText(number: number): Uint8Array {
    return this.#fields.bytes(number);
  }

  #kindAt(index: number): Kind | undefined {
    return this.#kinds[this.#kind.at(index)];
  }

  #fieldsOf(index: number, ofResponse: boolean): { name: string; value: string }[] {
    const fields: { name: string; value: string }[] = [];
    const end = this.#headersEnd.at(index);
    let inResponse = false;
    for (let at = index === 0 ? 0 : this.#headersEnd.at(index - 1); at < end; at += 1) {
      const number = this.#headers.at(at);
      if (number < 0) inResponse = true;
      else if (inResponse === ofResponse) {
        const field = this.#fields.field(number);
        if (field) fields.push({ name: field.name, value: field.value });
      }
    }
    return fields;
  }

  #takeHeaders(bytes: Uint8Array, outline: EntryOutline): boolean {
    const { requestHeaders, responseHeaders } = outline;
    for (let at = 0; at < requestHeaders.length; at += 4) {
      const from = requestHeaders[at] ?? 0;
      const number = this.#fields.number(bytes, from, requestHeaders[at + 1] ?? 0);
      if (number === this.#isMark.length)
        this.#isMark.push(
          useOfRequestField(bytes, requestHeaders[at + 2] ?? 0, requestHeaders[at + 3] ?? 0) === 'marks' ? 1 : 0,
        );
      if (this.#isMark.at(number) === 1) return false;
      this.#headers.push(number);
    }
    this.#headers.push(-1);
    for (let at = 0; at < responseHeaders.length; at += 4) {
      const from = responseHeaders[at] ?? 0;
      const [name, nameEnd] = [responseHeaders[at + 2] ?? 0, responseHeaders[at + 3] ?? 0];
      const use = useOfResponseField(bytes, name, nameEnd);
      if (use === 'marks') return false;
      if (use === 'dropped') continue;
      const number = this.#fields.number(bytes, from, responseHeaders[at + 1] ?? 0);
      if (number === this.#isMark.length)
        this.#isMark.push(useOfRequestField(bytes, name, nameEnd) === 'marks' ? 1 : 0);
      this.#headers.push(number);
    }
    return true;
  }

  #hasOrdinaryBodies(bytes: Uint8Array, outline: EntryOutline): boolean {
    const post = outline.start(POST_DATA);
    if (post >= 0) {
      if (bytes[post] !== OPEN_OBJECT || outline.end(POST_DATA) - post > LARGEST_BODY) return false;
      if (isMarkedBody(bytes, post, outline.end(POST_DATA))) return false;
      if (typeof fieldOf(parseJson(textOf(bytes, post, outline.end(POST_DATA))), 'text') !== 'string') return false;
    }
    const text = outline.start(CONTENT_TEXT);
    if (text < 0) return true;
    if (bytes[text] !== QUOTE) return false;
    const end = outline.end(CONTENT_TEXT);
    const mime =
      outline.start(MIME_TYPE) < 0 ? '' : (stringAt(bytes, outline.start(MIME_TYPE), outline.end(MIME_TYPE)) ?? '');
    const first = bytes[text + 1];
    // Metadata may be served under any type: what begins as JSON does is looked at.
    if (isAsset(mediaType(mime)) && first !== OPEN_OBJECT && first !== OPEN_ARRAY) return true;
    const isBase64 = outline.start(ENCODING) >= 0 && outline.end(ENCODING) - outline.start(ENCODING) > 2;
    return !isBase64 && !isMarkedBody(bytes, text, end);
  }

  #kindOf(bytes: Uint8Array, outline: EntryOutline): number | null {
    const text = outline.start(CONTENT_TEXT);
    const hasText = text >= 0 && outline.end(CONTENT_TEXT) - text > 2;
    const words: string[] = [hasText ? 'text' : 'none'];
    for (const [, member] of alike) {
      const start = outline.start(member);
      words.push(start < 0 ? '' : textOf(bytes, start, outline.end(member)));
    }
    const key = words.join('\n');
    const known = this.#kindNumbers.get(key);
    if (known !== undefined) return known < 0 ? null : known;
    const kind = kindOf(words, outline);
    // Hostile logs may make every entry a kind of its own.
    const number = kind === null || this.#kinds.length >= MOST_KINDS ? -1 : this.#kinds.push(kind) - 1;
    if (this.#kindNumbers.size < MOST_KINDS) this.#kindNumbers.set(key, number);
    return number < 0 ? null : number;
  }
}

const MINUS = 0x2d;
const MOST_KINDS = 100_000;
/** Longer request bodies are not looked through for markers, bytes. */
const LARGEST_BODY = 1 << 20;

function kindOf(words: readonly string[], outline: EntryOutline): Kind | null {
  const parts = { entry: new Map<string, unknown>(), request: new Map<string, unknown>() };
  const [response, content] = [new Map<string, unknown>(), new Map<string, unknown>()];
  for (const [index, [member]] of alike.entries()) {
    const json = words[index + 1] ?? '';
    if (json === '') continue;
    const value = parseJson(json);
    if (value === undefined) return null;
    const name = member.slice(member.lastIndexOf('.') + 1);
    if (member.startsWith('response.content.')) content.set(name, value);
    else if (member.startsWith('response.')) response.set(name, value);
    else if (member.startsWith('request.')) parts.request.set(name, value);
    else parts.entry.set(name, value);
  }
  const encoding = content.get('encoding');
  return {
    entry: Object.fromEntries(parts.entry),
    request: Object.fromEntries(parts.request),
    response: Object.fromEntries(response),
    content: outline.start(at('response.content')) < 0 ? null : Object.fromEntries(content),
    body: words[0] === 'none' ? 'none' : encoding === 'base64' ? 'base64' : 'text',
  };
}

/** An ordinary exchange; all but its number is put together when it is asked for. */
export class OrdinaryExchange implements Exchange {
  readonly entry: number;
  readonly #all: OrdinaryExchanges;
  readonly #index: number;
  #isTwin = false;

  constructor(all: OrdinaryExchanges, index: number, entry: number) {
    this.#all = all;
    this.#index = index;
    this.entry = entry;
  }

  get sent(): number {
    return this.#all.sent(this.#index);
  }

  get answered(): number {
    return this.sent + this.#all.duration(this.#index);
  }

  get url(): string {
    return this.#all.url(this.#index);
  }

  get method(): string {
    return this.whole().method;
  }

  get request(): HttpMessage {
    return this.whole().request;
  }

  get response(): HttpResponse {
    return this.whole().response;
  }

  get error(): string | null {
    return this.whole().error;
  }

  get resourceType(): string | null {
    return this.whole().resourceType;
  }

  get fromCache(): boolean {
    return this.whole().fromCache;
  }

  get page(): string | null {
    return this.whole().page;
  }

  get part(): Part {
    return this.whole().part;
  }

  get envelope(): null {
    return null;
  }

  /** Whether this is the page's side of a request that passed through a service worker. */
  get isWorkersPage(): boolean {
    return this.#all.isWorkersPage(this.#index);
  }

  /** Where it is kept in `OrdinaryExchanges`. */
  get index(): number {
    return this.#index;
  }

  /** Makes this the second record of another exchange. */
  markTwin(): void {
    this.#isTwin = true;
  }

  /** The entry in HAR's form, without its response's body. */
  raw(): { readonly [key: string]: unknown } {
    return this.#all.raw(this.#index);
  }

  /** A plain exchange with all that was kept; of the response's body, a beginning of no length. */
  whole(): Exchange {
    const problems: Problem[] = [];
    const read = readEntry({ ...this.raw(), startedDateTime: this.sent }, this.entry, problems, 0);
    const body = this.#all.bodyOf(this.#index);
    const part = this.#isTwin ? 'twin' : read.part;
    if (body === 'none') return { ...read, part };
    const state = body === 'base64' ? 'binary' : 'cut';
    return { ...read, part, response: { ...read.response, body: { ...read.response.body, state } } };
  }
}

function numberAt(bytes: Uint8Array, outline: EntryOutline, member: number): number {
  const start = outline.start(member);
  if (start < 0) return 0;
  const text = textOf(bytes, start, outline.end(member));
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? Number.NaN : value;
}

function parsed(bytes: Uint8Array): unknown {
  return parseJson(textOf(bytes, 0, bytes.length));
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Whether a lenient reader would find nothing to complain of. */
function isWellFormed(bytes: Uint8Array, outline: EntryOutline): boolean {
  if (bytes[outline.start(RESPONSE)] !== OPEN_OBJECT) return false;
  for (const headers of [REQUEST_HEADERS, RESPONSE_HEADERS]) {
    if (outline.start(headers) >= 0 && bytes[outline.start(headers)] !== OPEN_ARRAY) return false;
  }
  const status = outline.start(STATUS);
  if (status < 0) return true;
  const first = bytes[status] === MINUS ? status + 1 : status;
  for (let at = first; at < outline.end(STATUS); at += 1) if (!isDigit(bytes[at] ?? 0)) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function timestamp(milliseconds: number): string | number {
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : milliseconds;
}
