import type { Exchange, HttpMessage } from '../../../exchange/exchange.ts';
import { header } from '../../../exchange/exchange.ts';
import { parseChallenges } from '../../../protocol/challenge.ts';
import { type Form, parseForm } from '../../../protocol/form.ts';
import { asObject, parseJson } from '../../../protocol/json.ts';
import { topLevelRanges } from '../../../protocol/json-range.ts';
import { parseEventStream } from '../../../protocol/sse.ts';
import { readTarget } from '../../../protocol/url.ts';
import type { Evidence } from '../../../rules/outcome.ts';
import { strings } from '../strings.ts';
import { plain } from './claims.ts';
import { type Range, rangeWithinPart } from './parts.ts';
import { rpcInWords } from './rpc-titles.ts';

export interface ReadParameter {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
  readonly marked: boolean;
}

/** One thing read out of an exchange, in wire order. */
export type Reading =
  | {
      readonly kind: 'parameters';
      readonly title: string;
      readonly part: string;
      readonly parameters: readonly ReadParameter[];
    }
  | { readonly kind: 'json'; readonly title: string; readonly part: string; readonly text: string }
  | { readonly kind: 'remark'; readonly text: string };

/** Reads what an exchange says: parameters with meanings first, JSON laid out, headers last. */
export function readExchange(exchange: Exchange, evidence: Evidence | null): Reading[] {
  const target = readTarget(exchange.url);
  const marks = (part: string, text: string): Range | null => rangeWithinPart(evidence, part, text);
  const say = strings.exchange;
  const readings: Reading[] = [
    ...challengeReadings(exchange, marks),
    ...formReading(say.query, 'request.url', target?.query ?? null, marks('request.url', exchange.url)),
    ...formReading(say.fragment, 'request.url', target?.fragmentForm ?? null, marks('request.url', exchange.url)),
    ...bodyReadings(exchange.request, 'request.postData', marks),
    ...redirectReading(exchange, marks),
    ...bodyReadings(exchange.response, 'response.content', marks),
  ];
  return readings;
}

type Marks = (part: string, text: string) => Range | null;

function challengeReadings(exchange: Exchange, marks: Marks): Reading[] {
  const part = 'response.headers.www-authenticate';
  const text = header(exchange.response.headers, 'www-authenticate');
  if (text === null) return [];
  const { challenges, errors } = parseChallenges(text);
  const marked = marks(part, text);
  const readings: Reading[] = challenges.map((challenge) => ({
    kind: 'parameters',
    title: `${strings.exchange.challenge}: ${challenge.scheme}`,
    part,
    parameters: challenge.params.map(({ name, value, range }) => ({
      name,
      value,
      meaning: (name === 'error' ? strings.errors[value] : undefined) ?? strings.challengeParams[name] ?? '',
      marked: overlaps(marked, range),
    })),
  }));
  for (const error of errors) readings.push({ kind: 'remark', text: `${strings.exchange.malformed} ${error.message}` });
  return readings;
}

function formReading(title: string, part: string, form: Form | null, marked: Range | null): Reading[] {
  if (form === null || form.fields.length === 0) return [];
  const parameters = form.fields.map(({ name, value, range }) => ({
    name,
    value,
    meaning: (name === 'error' ? strings.errors[value] : undefined) ?? strings.params[name] ?? '',
    marked: overlaps(marked, range),
  }));
  return [{ kind: 'parameters', title, part, parameters }];
}

/** Where a redirect leads, read like a request: its query and fragment carry codes and errors. */
function redirectReading(exchange: Exchange, marks: Marks): Reading[] {
  const { location, status } = exchange.response;
  if (location === null || location === '' || status < 300 || status > 399) return [];
  const target = readTarget(location);
  if (target === null) return [];
  const part = 'response.headers.location';
  const fields = [...target.query.fields, ...(target.fragmentForm?.fields ?? [])];
  return formReading(strings.exchange.redirect, part, { fields }, marks(part, location));
}

/** Events of a stream that are laid out; all of it is in the raw view. */
const mostEvents = 200;
/** Longer bodies are shown as sent only: nobody reads them laid out. */
const longestRead = 500_000;

function bodyReadings(message: HttpMessage, part: string, marks: Marks): Reading[] {
  const { text, mimeType } = message.body;
  if (text === '' || text.length > longestRead) return [];
  if (mimeType === 'application/x-www-form-urlencoded') {
    return formReading(strings.exchange.form, part, parseForm(text), marks(part, text));
  }
  if (mimeType === 'text/event-stream') {
    const events = parseEventStream(text);
    const shown = events.slice(0, mostEvents).map(({ event, data, id }, at) => {
      return jsonReading(strings.exchange.event(at + 1, event, id), part, data, true);
    });
    const rest = events.length - shown.length;
    return rest > 0 ? [...shown, { kind: 'remark', text: strings.exchange.moreEvents(rest) }] : shown;
  }
  const value = parseJson(text);
  if (value === undefined) return [];
  const object = asObject(value);
  if (object !== null && !('jsonrpc' in object)) {
    const known = Object.keys(object).filter((name) => strings.metadata[name] !== undefined);
    if (known.length >= 2) return metadataReading(object, part, topLevelRanges(text), marks(part, text));
  }
  return [jsonReading(strings.exchange.body, part, text, false)];
}

/** Members whose meaning we can tell come first, in the order in which they matter. */
function metadataReading(
  object: { readonly [name: string]: unknown },
  part: string,
  ranges: ReadonlyMap<string, Range>,
  marked: Range | null,
): Reading[] {
  const order = Object.keys(strings.metadata);
  const names = Object.keys(object).sort((a, b) => place(order, a) - place(order, b));
  const parameters = names.map((name) => ({
    name,
    value: plain(object[name]),
    meaning: (name === 'error' ? strings.errors[plain(object[name])] : undefined) ?? strings.metadata[name] ?? '',
    marked: overlaps(marked, ranges.get(name) ?? [0, 0]),
  }));
  return [{ kind: 'parameters', title: titleOf(object), part, parameters }];
}

function titleOf(object: { readonly [name: string]: unknown }): string {
  const say = strings.exchange;
  if (Object.hasOwn(object, 'error')) return say.errorResponse;
  return Object.hasOwn(object, 'access_token') || Object.hasOwn(object, 'id_token') ? say.tokenResponse : say.metadata;
}

function place(order: readonly string[], name: string): number {
  const at = order.indexOf(name);
  return at < 0 ? order.length : at;
}

function jsonReading(title: string, part: string, text: string, keepTitle: boolean): Reading {
  const value = parseJson(text);
  if (value === undefined) return { kind: 'json', title, part, text };
  const rpc = rpcInWords(value);
  const words = rpc === null ? title : keepTitle ? `${title} · ${rpc}` : rpc;
  return { kind: 'json', title: words, part, text: laidOut(value, text) };
}

function laidOut(value: unknown, text: string): string {
  try {
    return JSON.stringify(value, null, 2) ?? text;
  } catch {
    return text;
  }
}

function overlaps(marked: Range | null, range: Range): boolean {
  return marked !== null && marked[0] < range[1] && range[0] < marked[1];
}
