import { type Exchange, header } from '../../../exchange/exchange.ts';
import { OrdinaryExchange } from '../../../exchange/ordinary-exchange.ts';
import type { StoryIndex } from './story-index.ts';

/**
 * What the panel shows shortened until asked: credentials that are live in this
 * session. What leaves the panel is the concern of the reports, not of this.
 */
export interface Secrets {
  /** Secret values of at least eight characters. */
  readonly values: ReadonlySet<string>;
}

/** Gathers the session's secrets from its story. */
export function gatherSecrets({ story, exchanges }: StoryIndex, headers = new HeaderSecrets()): Secrets {
  const values = new Set<string>(headers.of(exchanges));
  const add = (value: string | null | undefined): void => {
    if (value !== null && value !== undefined && value.length >= 8) values.add(value);
  };
  for (const token of story.tokens) add(token.value);
  for (const grant of story.grants) {
    add(grant.callback?.response.code);
    add(grant.callback?.response.accessToken);
    for (const part of [grant.token, ...grant.refreshes]) {
      if (part === null) continue;
      add(part.request.code);
      add(part.request.codeVerifier);
      add(part.request.refreshToken);
      add(part.response?.accessToken);
      add(part.response?.refreshToken);
      add(part.response?.idToken);
      for (const { name, value } of part.request.params.fields) {
        if (secretFields.has(name)) add(value);
      }
    }
  }
  for (const registration of story.registrations) add(registration.response?.clientSecret);
  return { values };
}

/** Secrets that requests carry in headers of their own. A session that grew is searched where it grew only. */
export class HeaderSecrets {
  #values = new Set<string>();
  #searched = 0;
  #first: Exchange | undefined;

  of(exchanges: readonly Exchange[]): ReadonlySet<string> {
    if (exchanges.length < this.#searched || exchanges[0] !== this.#first) {
      this.#values = new Set();
      this.#searched = 0;
    }
    this.#first = exchanges[0];
    for (; this.#searched < exchanges.length; this.#searched += 1) {
      const exchange = exchanges[this.#searched];
      // An ordinary exchange has none of these headers, and would be put together only to be asked.
      if (exchange === undefined || exchange instanceof OrdinaryExchange) continue;
      for (const name of ['x-api-key', 'mcp-session-id', 'x-mcp-proxy-auth']) {
        const value = header(exchange.request.headers, name);
        if (value !== null && value.length >= 8) this.#values.add(value);
      }
    }
    return this.#values;
  }
}

/** Parameters and members whose value is secret wherever it stands. */
export const secretFields: ReadonlySet<string> = new Set([
  'access_token',
  'refresh_token',
  'id_token',
  'code',
  'code_verifier',
  'client_secret',
  'client_assertion',
  'registration_access_token',
  'device_code',
  'password',
  'assertion',
  'subject_token',
  'actor_token',
]);

const secretHeaders: ReadonlySet<string> = new Set(['cookie', 'set-cookie', 'authorization', 'proxy-authorization']);

export type Range = readonly [from: number, to: number];

/** Ranges of secrets in a text, ascending, without overlap. `part` is the evidence name of where the text stands. */
export function secretRanges(text: string, part: string, secrets: Secrets): Range[] {
  const found: Range[] = [];
  const name = part.slice(part.lastIndexOf('.') + 1);
  if (part.includes('.headers.') && secretHeaders.has(name)) {
    const space = name.endsWith('authorization') ? text.indexOf(' ') + 1 : 0;
    if (text.length > space) found.push([space, text.length]);
  }
  for (const value of secrets.values) {
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
      found.push([at, at + value.length]);
    }
  }
  addJwts(text, found);
  addFields(text, found);
  return merge(found);
}

/** Anything that has the form of a JWT: three base64url runs joined by dots, the first a JSON object. */
function addJwts(text: string, found: Range[]): void {
  for (let at = text.indexOf('eyJ'); at >= 0; at = text.indexOf('eyJ', at)) {
    let end = at;
    let dots = 0;
    while (end < text.length && (isBase64url(text.charCodeAt(end)) || (text.charAt(end) === '.' && dots < 4))) {
      if (text.charAt(end) === '.') dots += 1;
      end += 1;
    }
    if (dots >= 2) found.push([at, end]);
    at = end + 1;
  }
}

function isBase64url(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 45 ||
    code === 95
  );
}

/** Values of fields with a telling name: `name=value` in forms and queries, `"name":"value"` in JSON. */
function addFields(text: string, found: Range[]): void {
  for (const name of secretFields) {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
      const before = at === 0 ? '&' : text.charAt(at - 1);
      let start = at + name.length;
      if (text.charAt(start) === '=' && '&?#\n '.includes(before)) {
        start += 1;
        let end = start;
        while (end < text.length && !'&#\n "'.includes(text.charAt(end))) end += 1;
        if (end > start) found.push([start, end]);
      } else if (text.charAt(start) === '"' && before === '"') {
        start += 1;
        while (start < text.length && ' :\n\t'.includes(text.charAt(start))) start += 1;
        if (text.charAt(start) !== '"') continue;
        let end = start + 1;
        while (end < text.length && text.charAt(end) !== '"') end += text.charAt(end) === '\\' ? 2 : 1;
        if (end > start + 1) found.push([start + 1, Math.min(end, text.length)]);
      }
    }
  }
}

function merge(ranges: Range[]): Range[] {
  ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && range[0] < last[1]) {
      if (range[1] > last[1]) merged[merged.length - 1] = [last[0], range[1]];
    } else merged.push(range);
  }
  return merged;
}

/** How a hidden secret reads: its first six characters, or none of a short one. */
export function shortened(secret: string): string {
  return secret.length > 12 ? `${secret.slice(0, 6)}…` : '…';
}

/** A run of text that is shown in one way. */
export interface Segment {
  readonly text: string;
  readonly secret: boolean;
  readonly marked: boolean;
}

/** Cuts a text where secrets and the marked range begin and end. */
export function segments(text: string, hidden: readonly Range[], marked: Range | null): Segment[] {
  const cuts = new Set([0, text.length, ...hidden.flat(), ...(marked ?? [])]);
  const at = [...cuts].filter((cut) => cut >= 0 && cut <= text.length).sort((a, b) => a - b);
  const parts: Segment[] = [];
  let next = 0;
  for (const [index, from] of at.entries()) {
    const to = at[index + 1];
    if (to === undefined) break;
    while ((hidden[next]?.[1] ?? Number.POSITIVE_INFINITY) <= from) next += 1;
    const secret = (hidden[next]?.[0] ?? Number.POSITIVE_INFINITY) <= from;
    parts.push({
      text: text.slice(from, to),
      secret,
      marked: marked !== null && from >= marked[0] && to <= marked[1],
    });
  }
  return parts;
}
