import type { Exchange, HttpMessage } from '../../../exchange/exchange.ts';
import { header } from '../../../exchange/exchange.ts';
import type { Evidence } from '../../../rules/outcome.ts';

/** A range that lies inside its text, else null. */
export function rangeWithin(evidence: Evidence, text: string): readonly [number, number] | null {
  const [from, to] = evidence.range ?? [0, 0];
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || from >= to || to > text.length) return null;
  return [from, to];
}

/** An excerpt around a range: at most `around` characters on either side. */
export interface Excerpt {
  readonly text: string;
  readonly range: readonly [number, number] | null;
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

export function excerpt(text: string, range: readonly [number, number] | null, around = 90): Excerpt {
  const from = range === null ? 0 : Math.max(0, range[0] - around);
  const end = range === null ? around * 2 : range[1] + around;
  const to = Math.min(text.length, end, from + 2_000);
  return {
    text: text.slice(from, to),
    range: range === null ? null : [range[0] - from, Math.min(range[1], to) - from],
    cutBefore: from > 0,
    cutAfter: to < text.length,
  };
}

/** One piece of the raw view: evidence points into it by `part`. */
export interface RawPart {
  readonly part: string;
  readonly label: string;
  readonly text: string;
}

/** The message as it went over the wire, in pieces; header fields of one name are joined as evidence counts them. */
export function rawParts(exchange: Exchange): { readonly request: RawPart[]; readonly response: RawPart[] } {
  return {
    request: [
      { part: 'request.url', label: exchange.method, text: exchange.url },
      ...headerParts(exchange.request, 'request'),
      ...bodyPart(exchange.request, 'request.postData'),
    ],
    response: [
      {
        part: 'response.status',
        label: '',
        text: exchange.response.status === 0 ? (exchange.error ?? '0') : String(exchange.response.status),
      },
      ...headerParts(exchange.response, 'response'),
      ...bodyPart(exchange.response, 'response.content'),
    ],
  };
}

function headerParts(message: HttpMessage, side: 'request' | 'response'): RawPart[] {
  const names = new Map<string, string>();
  for (const { name } of message.headers) {
    if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  }
  return [...names].map(([lower, name]) => ({
    part: `${side}.headers.${lower}`,
    label: `${name}:`,
    text: header(message.headers, lower) ?? '',
  }));
}

function bodyPart(message: HttpMessage, part: string): RawPart[] {
  return message.body.text === '' ? [] : [{ part, label: '', text: message.body.text }];
}

export type Range = readonly [from: number, to: number];

/** The range that evidence marks in a part; null when it speaks of another part, or of the whole. */
export function rangeWithinPart(evidence: Evidence | null, part: string, text: string): Range | null {
  return evidence !== null && speaksOf(evidence, part) ? rangeWithin(evidence, text) : null;
}

/** Whether evidence stands in a part; header names are case-insensitive. */
export function speaksOf(evidence: Evidence, part: string): boolean {
  return evidence.part.toLowerCase() === part.toLowerCase();
}
