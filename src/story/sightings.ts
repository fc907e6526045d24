import type { Exchange } from '../exchange/exchange.ts';
import type { Range } from '../protocol/range.ts';
import { isAlias, longWords, MIN_SECRET } from './long-words.ts';
import type { Sighting } from './model.ts';
import type { Reading } from './reading.ts';

/**
 * Where requests carry long words, so that a secret learnt later is found where it was sent before.
 * Each request is cut into words once; looking a secret up costs nothing more.
 */
export class WordIndex {
  readonly #places = new Map<number, Places>();
  /** URLs and header fields met before, by part and text. */
  readonly #texts = new Map<string, Map<string, readonly Word[]>>();
  /** Parts by the name of their header field. */
  readonly #parts = new Map<string, string>();

  /** Files a request's URL, headers and body. Bodies of calls to an MCP server can be filed without their arguments: `body` false. */
  add({ exchange, target }: Reading, body: boolean): void {
    this.#file(exchange, 'request.url', this.#wordsOnce('request.url', exchange.url), null);
    for (const { name, value } of exchange.request.headers) {
      const part = this.#partOf(name);
      this.#file(exchange, part, this.#wordsOnce(part, value), part === CREDENTIAL ? target.endpoint : null);
    }
    if (body) this.#file(exchange, 'request.postData', this.#wordsOf(exchange.request.body.text), null);
  }

  /**
   * Requests that carry the whole secret, as it is or form-encoded, in no order. Left out are those that
   * carry it as their Bearer or DPoP credential to an endpoint of `beside`: of a token they are nearly all.
   */
  *find(secret: string, beside: (endpoint: string) => boolean = () => false): Generator<Sighting> {
    if (secret.length < MIN_SECRET && !isAlias(secret)) return;
    const places = this.#places.get(key(secret));
    if (!places) return;
    for (const sighting of places.others) if (isAt(sighting, secret)) yield sighting;
    for (const [endpoint, list] of places.credentials) {
      if (beside(endpoint)) continue;
      for (const sighting of list) if (isAt(sighting, secret)) yield sighting;
    }
  }

  /** A client sends the same fields with every request, to the same URL: each is cut into words once. */
  #wordsOnce(part: string, text: string): readonly Word[] {
    let texts = this.#texts.get(part);
    if (texts === undefined) {
      texts = new Map();
      this.#texts.set(part, texts);
    }
    let words = texts.get(text);
    if (words === undefined) {
      if (texts.size >= MOST_TEXTS) texts.clear();
      words = this.#wordsOf(text);
      texts.set(text, words);
    }
    return words;
  }

  #partOf(name: string): string {
    let part = this.#parts.get(name);
    if (part === undefined) {
      if (this.#parts.size >= MOST_TEXTS) this.#parts.clear();
      part = HEADERS + name.toLowerCase();
      this.#parts.set(name, part);
    }
    return part;
  }

  #file(exchange: Exchange, part: string, words: readonly Word[], endpoint: string | null): void {
    for (const word of words) put(word, { exchange, part, range: word.range }, endpoint);
  }

  #wordsOf(text: string): readonly Word[] {
    return longWords(text).map((range) => {
      const name = key(decoded(text.slice(range[0], range[1])));
      let places = this.#places.get(name);
      if (!places) {
        places = { others: [], credentials: new Map() };
        this.#places.set(name, places);
      }
      return { range, places, isBehindScheme: isBehindScheme(text, range[0]) };
    });
  }
}

/** A long word of a text, and where it was seen. */
interface Word {
  readonly range: Range;
  readonly places: Places;
  readonly isBehindScheme: boolean;
}

/** URLs, values of one field, and names of fields that are remembered. */
const MOST_TEXTS = 256;

function put({ places, isBehindScheme: isCredential }: Word, sighting: Sighting, endpoint: string | null): void {
  if (endpoint === null || !isCredential) {
    places.others.push(sighting);
    return;
  }
  const list = places.credentials.get(endpoint);
  if (list) list.push(sighting);
  else places.credentials.set(endpoint, [sighting]);
}

/** Where a word was seen. */
interface Places {
  readonly others: Sighting[];
  /** As the credential of requests, by their endpoint. */
  readonly credentials: Map<string, Sighting[]>;
}

const CREDENTIAL = 'request.headers.authorization';

/** Whether nothing but `Bearer` or `DPoP` stands before a word. */
function isBehindScheme(text: string, start: number): boolean {
  if (start > 16) return false;
  const scheme = text.slice(0, start).trim().toLowerCase();
  return scheme === 'bearer' || scheme === 'dpop';
}

/** Words are told apart by length and checksum (FNV-1a, 32 bits), in one number; the whole is compared when one is found. */
function key(word: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) sum = Math.imul(sum ^ word.charCodeAt(at), 0x01000193);
  return (word.length % LENGTHS) * 2 ** 32 + (sum >>> 0);
}

/** So many lengths leave the number one that JavaScript can hold exactly. */
const LENGTHS = 2 ** 20;

function decoded(word: string): string {
  if (!word.includes('%')) return word;
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

/** Whether the whole secret stands there; words that only look alike are filed together. */
function isAt({ exchange, part, range }: Sighting, secret: string): boolean {
  return decoded(textOf(exchange, part, range[1]).slice(range[0], range[1])) === secret;
}

/** The text of a part of a request; of a header field that is repeated, the first value that is long enough. */
function textOf({ url, request }: Exchange, part: string, end: number): string {
  if (part === 'request.url') return url;
  if (part === 'request.postData') return request.body.text;
  const field = part.slice(HEADERS.length);
  return request.headers.find(({ name, value }) => name.toLowerCase() === field && value.length >= end)?.value ?? '';
}

const HEADERS = 'request.headers.';
