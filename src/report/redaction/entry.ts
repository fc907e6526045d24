import { type BodyPlace, plainBody, rewriteBody } from './body.ts';
import { rewriteHeader } from './headers.ts';
import { kindOfHeader } from './names.ts';
import type { Scribe } from './scribe.ts';

/** A HAR is JSON: objects are read as they are, whatever their members. */
export type Fields = Readonly<Record<string, unknown>>;

/** How an entry's bodies are to be read. */
export interface EntryPlace {
  /** A request of the authorization server's own pages. */
  readonly ownPage: boolean;
  readonly model: boolean;
  /** Its answer is about a user or a token: userinfo, introspection. */
  readonly claims: boolean;
}

/** Deeper structure than this is no HAR's: it is cut off. */
const deepest = 100;

/** Rewrites one HAR entry: a new object, every string of it read by what it is. */
export function rewriteEntry(entry: unknown, place: EntryPlace, scribe: Scribe): unknown {
  const fields = asFields(entry);
  if (fields === null) return rewriteUnknown(entry, null, scribe, 0);
  return eachField(fields, scribe, (key, value) => {
    if (key === 'request') return message(value, place, false, scribe);
    if (key === 'response') return message(value, place, true, scribe);
    if (key === '_webSocketMessages') return webSocketMessages(value, scribe);
    return plainKeys.has(key) ? value : rewriteUnknown(value, key, scribe, 0);
  });
}

/** Entry fields that hold no strangers' text. */
const plainKeys: ReadonlySet<string> = new Set([
  'startedDateTime',
  'time',
  'timings',
  'cache',
  'pageref',
  '_resourceType',
  '_pending',
  '_twin',
  '_headersLeftOut',
]);

function message(value: unknown, place: EntryPlace, isResponse: boolean, scribe: Scribe): unknown {
  const fields = asFields(value);
  if (fields === null) return rewriteUnknown(value, null, scribe, 0);
  return eachField(fields, scribe, (key, item) => {
    switch (key) {
      case 'url':
      case 'redirectURL':
        return typeof item === 'string' ? scribe.address(item) : rewriteUnknown(item, key, scribe, 0);
      case 'headers':
        return pairs(item, scribe, (name, text) => rewriteHeader(name, text, scribe));
      case 'queryString':
        return pairs(item, scribe, (name, text) => scribe.parameter(name, text));
      case 'cookies':
        return pairs(item, scribe, (_, text) => scribe.name('cookie', text));
      case 'postData':
        return postData(item, place, scribe);
      case 'content':
        return content(item, place, scribe);
      case 'method':
      case 'httpVersion':
        return item;
      default:
        return rewriteUnknown(item, isResponse && key === 'status' ? null : key, scribe, 0);
    }
  });
}

function pairs(value: unknown, scribe: Scribe, rewrite: (name: string, text: string) => string): unknown {
  if (!Array.isArray(value)) return rewriteUnknown(value, null, scribe, 0);
  return value.map((item: unknown) => {
    const fields = asFields(item);
    const name = fields === null ? undefined : fields.name;
    if (fields === null || typeof name !== 'string') return rewriteUnknown(item, null, scribe, 0);
    return eachField(fields, scribe, (key, text) => {
      if (key === 'value' && typeof text === 'string') return rewrite(name, text);
      if (key === 'name' && typeof text === 'string') return scribe.fieldName(text);
      return rewriteUnknown(text, key, scribe, 0);
    });
  });
}

function postData(value: unknown, place: EntryPlace, scribe: Scribe): unknown {
  const fields = asFields(value);
  if (fields === null) return rewriteUnknown(value, null, scribe, 0);
  const body: BodyPlace = {
    ...plainBody,
    mimeType: stringOf(fields.mimeType),
    ownForm: place.ownPage,
    model: place.model,
    base64: stringOf(fields.encoding) === 'base64' || stringOf(fields._encoding) === 'base64',
  };
  return eachField(fields, scribe, (key, item) => {
    if (key === 'text' && typeof item === 'string') return rewriteBody(item, body, scribe);
    if (key === 'params')
      return pairs(item, scribe, (name, text) => scribe.parameter(name, text, 0, place.ownPage ? 'field' : null));
    return key === 'mimeType' ? item : rewriteUnknown(item, key, scribe, 0);
  });
}

function content(value: unknown, place: EntryPlace, scribe: Scribe): unknown {
  const fields = asFields(value);
  if (fields === null) return rewriteUnknown(value, null, scribe, 0);
  const body: BodyPlace = {
    ...plainBody,
    mimeType: stringOf(fields.mimeType),
    ownPage: place.ownPage,
    claims: place.claims,
    model: place.model,
    base64: stringOf(fields.encoding) === 'base64',
  };
  return eachField(fields, scribe, (key, item) => {
    if (key === 'text' && typeof item === 'string') return rewriteBody(item, body, scribe);
    return key === 'mimeType' || key === 'encoding' ? item : rewriteUnknown(item, key, scribe, 0);
  });
}

function webSocketMessages(value: unknown, scribe: Scribe): unknown {
  if (!Array.isArray(value)) return rewriteUnknown(value, null, scribe, 0);
  return value.map((item: unknown) => {
    const fields = asFields(item);
    if (fields === null) return rewriteUnknown(item, null, scribe, 0);
    return eachField(fields, scribe, (key, text) =>
      key === 'data' && typeof text === 'string'
        ? rewriteBody(text, plainBody, scribe)
        : rewriteUnknown(text, key, scribe, 0),
    );
  });
}

/** Any other JSON value of the file: strings by their member's name, lists of name and value as headers. */
export function rewriteUnknown(value: unknown, key: string | null, scribe: Scribe, depth: number): unknown {
  if (typeof value === 'string') {
    return scribe.member(key, value, { all: null, oauth: false, talk: null }, 0);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => rewriteUnknown(item, null, scribe, depth + 1));
  const fields = value as Fields;
  const name = fields.name;
  return eachField(fields, scribe, (member, item) => {
    if (member === 'value' && typeof name === 'string' && typeof item === 'string' && kindOfHeader(name) !== null) {
      return rewriteHeader(name, item, scribe);
    }
    return rewriteUnknown(item, member, scribe, depth + 1);
  });
}

/** An entry outside the story: method, address without query, status, types, sizes and times. */
export function skeletonOf(entry: unknown, scribe: Scribe): unknown {
  const fields = asFields(entry) ?? {};
  const request = asFields(fields.request) ?? {};
  const response = asFields(fields.response) ?? {};
  const content = asFields(response.content) ?? {};
  const url = stringOf(request.url);
  const end = url.search(/[?#]/);
  const path = url.startsWith('data:') ? 'data:,' : end < 0 ? url : url.slice(0, end);
  return {
    ...pick(fields, ['pageref', 'startedDateTime', 'time']),
    request: {
      ...pick(request, ['method', 'httpVersion']),
      url: scribe.address(path),
      cookies: [],
      headers: [],
      queryString: [],
      ...pick(request, ['headersSize', 'bodySize']),
    },
    response: {
      ...pick(response, ['status', 'statusText', 'httpVersion']),
      cookies: [],
      headers: [],
      content: { ...pick(content, ['size', 'mimeType']) },
      redirectURL: '',
      ...pick(response, ['headersSize', 'bodySize', '_transferSize', '_error', '_failureText']),
    },
    cache: {},
    timings: asFields(fields.timings) ?? {},
    ...pick(fields, [
      'connection',
      '_resourceType',
      '_fromCache',
      '_pending',
      '_twin',
      '_headersLeftOut',
      '_context',
      '_error',
      '_failureText',
      '_tab',
      '_frameref',
      '_monotonicTime',
    ]),
  };
}

function pick(fields: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[key, value]] : [];
    }),
  );
}

/** A new object with the same members in the same order; `__proto__` is a member like any other. */
export function mapFields(fields: Fields, map: (key: string, value: unknown) => unknown): Fields {
  const mapped: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    const value = map(key, fields[key]);
    if (key === '__proto__') Object.defineProperty(mapped, key, { ...own, value });
    else mapped[key] = value;
  }
  return mapped;
}

const own = { configurable: true, enumerable: true, writable: true };

/** `mapFields`, but the first reading needs no copy. */
function eachField(fields: Fields, scribe: Scribe, map: (key: string, value: unknown) => unknown): Fields {
  if (scribe.finder !== null) return mapFields(fields, map);
  for (const key of Object.keys(fields)) map(key, fields[key]);
  return fields;
}

export function asFields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
