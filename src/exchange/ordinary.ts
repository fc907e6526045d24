import { ByteStore, Bytes } from './byte-store.ts';
import { ByteTable } from './byte-table.ts';
import type { EntryOutline, Member } from './entry-outline.ts';
import { members } from './entry-outline.ts';
import { HeaderTable } from './header-table.ts';
import { OPEN_ARRAY, OPEN_OBJECT, parseJson, QUOTE, stringAt, textOf } from './json-bytes.ts';
import { isMarkedUrlAt } from './markers.ts';
import type { Needles } from './needles.ts';
import { Floats, Integers } from './numbers.ts';
import { OrdinaryExchange } from './ordinary-exchange.ts';
import { type Kind, KindTable } from './ordinary-kinds.ts';
import { readTimeAt } from './time-bytes.ts';

const at = (member: Member): number => members.indexOf(member);
const URL_AT = at('request.url');
const STARTED = at('startedDateTime');
const TIME = at('time');
const POST_DATA = at('request.postData');
const CONTENT_TEXT = at('response.content.text');
const ENCODING = at('response.content.encoding');
const SIZE = at('response.content.size');
const RESPONSE = at('response');
const STATUS = at('response.status');
const REQUEST_HEADERS = at('request.headers');
const RESPONSE_HEADERS = at('response.headers');
const LOCATION = at('response.redirectURL');
const required: readonly number[] = [at('request'), at('response'), at('request.method'), URL_AT, STARTED];

/**
 * The exchanges of a log that have nothing to do with authorization, as far as they show by themselves.
 * Each keeps its URL, the request's headers and body and the times in a few bytes, and is put
 * together anew whenever it is asked for; the response's body is gone.
 */
export class OrdinaryExchanges {
  readonly #urls = new ByteStore();
  /** Scheme and authority of every URL, each once. */
  readonly #authorities = new ByteTable();
  readonly #authority = new Integers();
  #bytes = new Bytes(new Uint8Array(0));
  readonly #bodies = new ByteStore();
  /** Header fields of all, each once. */
  readonly fields = new HeaderTable();
  readonly #kinds = new KindTable();
  readonly #sent = new Floats();
  readonly #duration = new Floats();
  readonly #size = new Floats();
  readonly #kind = new Integers();
  readonly #body = new Integers();
  /** Numbers of the header fields of all, one after the other: the request's, -1, the response's. */
  readonly #headers = new Integers();
  readonly #headersEnd = new Integers();

  /** Takes in the entry whose outline was just read; null when it can matter, or is written so that only a parser understands it. */
  take(bytes: Uint8Array, outline: EntryOutline, entry: number): OrdinaryExchange | null {
    if (outline.odd || outline.requestFields.isMarked || outline.responseFields.isMarked) return null;
    for (let index = 0; index < required.length; index += 1) if (outline.start(required[index] ?? 0) < 0) return null;
    const urlStart = outline.start(URL_AT);
    if (bytes[urlStart] !== QUOTE || bytes[outline.start(STARTED)] !== QUOTE) return null;
    if (isMarkedUrlAt(bytes, urlStart, outline.end(URL_AT))) return null;
    const sent = readTimeAt(bytes, outline.start(STARTED), outline.end(STARTED));
    const duration = numberAt(bytes, outline, TIME);
    if (Number.isNaN(sent) || Number.isNaN(duration)) return null;
    if (outline.start(LOCATION) >= 0 && outline.end(LOCATION) - outline.start(LOCATION) > 2) return null;
    if (!isWellFormed(bytes, outline)) return null;
    const kind = this.#kinds.number(bytes, outline);
    if (kind < 0 || !this.#hasOrdinaryBodies(bytes, outline, this.#kinds.kind(kind)?.isAsset === true)) return null;
    this.#pushAll(outline.requestFields.numbers);
    this.#headers.push(-1);
    this.#pushAll(outline.responseFields.numbers);
    this.#headersEnd.push(this.#headers.length);
    if (this.#bytes.array !== bytes) this.#bytes = new Bytes(bytes);
    this.#urls.add(this.#bytes, urlStart, outline.end(URL_AT));
    this.#authority.push(
      this.#authorities.number(this.#bytes, urlStart, endOfAuthority(bytes, urlStart, outline.end(URL_AT))),
    );
    this.#sent.push(sent);
    this.#duration.push(Math.max(0, duration));
    const size = outline.start(SIZE) < 0 ? -1 : numberAt(bytes, outline, SIZE);
    this.#size.push(Number.isNaN(size) ? -1 : size);
    this.#kind.push(kind);
    const body = outline.start(POST_DATA);
    this.#body.push(body < 0 ? -1 : this.#bodies.add(this.#bytes, body, outline.end(POST_DATA)));
    return new OrdinaryExchange(this, this.#sent.length - 1, entry);
  }

  #pushAll(numbers: Integers): void {
    for (let index = 0; index < numbers.length; index += 1) this.#headers.push(numbers.at(index));
  }

  sent(index: number): number {
    return this.#sent.at(index);
  }

  duration(index: number): number {
    return this.#duration.at(index);
  }

  answered(index: number): number {
    return this.#sent.at(index) + this.#duration.at(index);
  }

  url(index: number): string {
    const bytes = this.#urls.get(index);
    return stringAt(bytes, 0, bytes.length) ?? '';
  }

  /** URLs as far as their scheme and authority go, as they are written; with the slash behind them, where there is one. */
  get authorities(): readonly string[] {
    return Array.from({ length: this.#authorities.size }, (_, number) => {
      const bytes = this.#authorities.bytes(number);
      return textOf(bytes, 1, bytes.length);
    });
  }

  /** Which of the `authorities` an exchange's URL has. */
  authority(index: number): number {
    return this.#authority.at(index);
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

  /** Whether one of the texts stands in the request's URL or body. */
  carries(index: number, needles: Needles): boolean {
    const body = this.#body.at(index);
    return this.#urls.holds(index, needles) || (body >= 0 && this.#bodies.holds(body, needles));
  }

  /** Whether any of the request's header fields is such a one; they are asked for by their numbers. */
  someField(index: number, is: (number: number) => boolean): boolean {
    const end = this.#headersEnd.at(index);
    for (let at = index === 0 ? 0 : this.#headersEnd.at(index - 1); at < end; at += 1) {
      const number = this.#headers.at(at);
      if (number < 0) return false;
      if (is(number)) return true;
    }
    return false;
  }

  get fieldCount(): number {
    return this.fields.size;
  }

  /** Whether one of the texts stands in the header field of that number. */
  fieldCarries(number: number, needles: Needles): boolean {
    return this.fields.holds(number, needles);
  }

  #kindAt(index: number): Kind | undefined {
    return this.#kinds.kind(this.#kind.at(index));
  }

  #fieldsOf(index: number, ofResponse: boolean): { name: string; value: string }[] {
    const fields: { name: string; value: string }[] = [];
    const end = this.#headersEnd.at(index);
    let inResponse = false;
    for (let at = index === 0 ? 0 : this.#headersEnd.at(index - 1); at < end; at += 1) {
      const number = this.#headers.at(at);
      if (number < 0) inResponse = true;
      else if (inResponse === ofResponse) {
        const field = this.fields.field(number);
        if (field) fields.push({ name: field.name, value: field.value });
      }
    }
    return fields;
  }

  #hasOrdinaryBodies(bytes: Uint8Array, outline: EntryOutline, isAsset: boolean): boolean {
    const post = outline.start(POST_DATA);
    if (post >= 0) {
      if (bytes[post] !== OPEN_OBJECT || outline.end(POST_DATA) - post > LARGEST_BODY) return false;
      if (outline.scanner.isMarkedBody(bytes, post, outline.end(POST_DATA))) return false;
      if (typeof fieldOf(parseJson(textOf(bytes, post, outline.end(POST_DATA))), 'text') !== 'string') return false;
    }
    const text = outline.start(CONTENT_TEXT);
    if (text < 0) return true;
    if (bytes[text] !== QUOTE) return false;
    const end = outline.end(CONTENT_TEXT);
    const first = bytes[text + 1];
    // Metadata may be served under any type: what begins as JSON does is looked at.
    if (isAsset && first !== OPEN_OBJECT && first !== OPEN_ARRAY) return true;
    const isBase64 = outline.start(ENCODING) >= 0 && outline.end(ENCODING) - outline.start(ENCODING) > 2;
    return !isBase64 && !outline.scanner.isMarkedBody(bytes, text, end);
  }
}

const MINUS = 0x2d;
/** Longer request bodies are not looked through for markers, bytes. */
const LARGEST_BODY = 1 << 20;

/** The number that is a member's value; 0 where there is none, NaN where it is no number. */
function numberAt(bytes: Uint8Array, outline: EntryOutline, member: number): number {
  const start = outline.start(member);
  const end = outline.end(member);
  if (start < 0) return 0;
  let value = 0;
  let at = start;
  while (at < end && isDigit(bytes[at] ?? 0)) value = value * 10 + (bytes[at++] ?? 0) - 0x30;
  if (end - start <= SAFE_DIGITS && at > start) {
    if (at === end) return value;
    if (bytes[at] === POINT) {
      const point = at++;
      while (at < end && isDigit(bytes[at] ?? 0)) value = value * 10 + (bytes[at++] ?? 0) - 0x30;
      // Both can be held exactly, so that what comes of the division is the number nearest to the text.
      if (at === end) return value / (powersOfTen[at - point - 1] ?? 1);
    }
  }
  const text = textOf(bytes, start, end);
  return text === '' || !Number.isFinite(Number(text)) ? Number.NaN : Number(text);
}

/** Every whole number of so many digits is one that JavaScript can hold. */
const SAFE_DIGITS = 15;
const POINT = 0x2e;
const powersOfTen = Array.from({ length: SAFE_DIGITS + 1 }, (_, digits) => 10 ** digits);

function parsed(bytes: Uint8Array): unknown {
  return parseJson(textOf(bytes, 0, bytes.length));
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** The offset behind the third slash of the URL in the JSON string at `from`, or behind all of it. */
function endOfAuthority(bytes: Uint8Array, from: number, to: number): number {
  let slashes = 0;
  for (let at = from; at < to; at += 1) if (bytes[at] === SLASH && ++slashes === 3) return at + 1;
  return to;
}

const SLASH = 0x2f;

/** Whether a lenient reader would find nothing to complain of. */
function isWellFormed(bytes: Uint8Array, outline: EntryOutline): boolean {
  if (bytes[outline.start(RESPONSE)] !== OPEN_OBJECT) return false;
  if (!isArrayOrNone(bytes, outline.start(REQUEST_HEADERS)) || !isArrayOrNone(bytes, outline.start(RESPONSE_HEADERS)))
    return false;
  const status = outline.start(STATUS);
  if (status < 0) return true;
  const first = bytes[status] === MINUS ? status + 1 : status;
  for (let at = first; at < outline.end(STATUS); at += 1) if (!isDigit(bytes[at] ?? 0)) return false;
  return true;
}

function isArrayOrNone(bytes: Uint8Array, start: number): boolean {
  return start < 0 || bytes[start] === OPEN_ARRAY;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function timestamp(milliseconds: number): string | number {
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : milliseconds;
}
