import { Bytes } from './byte-store.ts';
import { ByteTable } from './byte-table.ts';
import { type EntryOutline, members } from './entry-outline.ts';
import { parseJson, textOf } from './json-bytes.ts';
import { isAsset } from './markers.ts';
import { mediaType } from './read-har.ts';

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
    '_pending',
    '_context',
    '_twin',
    '_headersLeftOut',
    'request.method',
    'request.bodySize',
    'response.status',
    'response.statusText',
    'response._error',
    'response._failureText',
    'response.content.mimeType',
    'response.content.encoding',
  ] as const
).map((member) => [member, members.indexOf(member)] as const);
const alikeMembers = alike.map(([, member]) => member);
const CONTENT = members.indexOf('response.content');
const CONTENT_TEXT = members.indexOf('response.content.text');

/** Members of an entry, nested as in HAR. */
export interface Kind {
  readonly entry: object;
  readonly request: object;
  readonly response: object;
  readonly content: object | null;
  readonly body: 'none' | 'text' | 'base64';
  /** By its media type the response is a script, a style, an image, a font, a sound or a film. */
  readonly isAsset: boolean;
}

/** The kinds of a log's ordinary exchanges, each once. */
export class KindTable {
  readonly #keys = new ByteTable();
  readonly #kinds: (Kind | null)[] = [];
  /** The members of one entry, one after the other. */
  readonly #key = new Bytes(new Uint8Array(LONGEST));

  /** The number of the kind of the entry whose outline was just read; -1 when only a parser can tell what it says. */
  number(bytes: Uint8Array, outline: EntryOutline): number {
    const length = this.#writeKey(bytes, outline);
    // Hostile logs may make every entry a kind of its own.
    if (length < 0 || this.#kinds.length >= MOST_KINDS) return -1;
    const number = this.#keys.number(this.#key, 0, length);
    if (number === this.#kinds.length) this.#kinds.push(kindOf(bytes, outline));
    return this.#kinds[number] ? number : -1;
  }

  kind(number: number): Kind | undefined {
    return this.#kinds[number] ?? undefined;
  }

  #writeKey(bytes: Uint8Array, outline: EntryOutline): number {
    const key = this.#key.array;
    key[0] = recordedBody(outline);
    key[1] = outline.start(CONTENT) < 0 ? 0 : 1;
    let length = 2;
    for (let index = 0; index < alikeMembers.length; index += 1) {
      const member = alikeMembers[index] ?? 0;
      const start = outline.start(member);
      const size = start < 0 ? 0 : outline.end(member) - start;
      if (length + size + 2 > LONGEST) return -1;
      // The sizes, for a value may hold whatever would part it from the next.
      key[length++] = size & 0xff;
      key[length++] = size >> 8;
      for (let at = 0; at < size; at += 1) key[length++] = bytes[start + at] ?? 0;
    }
    return length;
  }
}

/** Longer keys are no browser's, bytes. */
const LONGEST = 1 << 12;
const MOST_KINDS = 100_000;

const [NONE, EMPTY, SOME] = [0, 1, 2];

/** Whether the response's body was recorded, and if so, whether it is empty. */
function recordedBody(outline: EntryOutline): number {
  const text = outline.start(CONTENT_TEXT);
  if (text < 0) return NONE;
  return outline.end(CONTENT_TEXT) - text > 2 ? SOME : EMPTY;
}

function kindOf(bytes: Uint8Array, outline: EntryOutline): Kind | null {
  const parts = { entry: new Map<string, unknown>(), request: new Map<string, unknown>() };
  const [response, content] = [new Map<string, unknown>(), new Map<string, unknown>()];
  for (const [path, member] of alike) {
    if (outline.start(member) < 0) continue;
    const value = parseJson(textOf(bytes, outline.start(member), outline.end(member)));
    if (value === undefined) return null;
    const name = path.slice(path.lastIndexOf('.') + 1);
    if (path.startsWith('response.content.')) content.set(name, value);
    else if (path.startsWith('response.')) response.set(name, value);
    else if (path.startsWith('request.')) parts.request.set(name, value);
    else parts.entry.set(name, value);
  }
  // That a text was recorded and held nothing is evidence that the answer did.
  if (recordedBody(outline) === EMPTY) content.set('text', '');
  return {
    entry: Object.fromEntries(parts.entry),
    request: Object.fromEntries(parts.request),
    response: Object.fromEntries(response),
    content: outline.start(CONTENT) < 0 ? null : Object.fromEntries(content),
    body: recordedBody(outline) !== SOME ? 'none' : content.get('encoding') === 'base64' ? 'base64' : 'text',
    isAsset: isAsset(mediaType(String(content.get('mimeType') ?? ''))),
  };
}
