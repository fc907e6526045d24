import type { Exchange } from '../exchange/exchange.ts';
import { header } from '../exchange/exchange.ts';
import type { Evidence } from '../rules/outcome.ts';

/** The text of one part of an exchange, as `Evidence.part` names it; empty when the part is not there. */
export function partText(exchange: Exchange, part: string): string {
  switch (part) {
    case 'request.url':
      return exchange.url;
    case 'request.postData':
      return exchange.request.body.text;
    case 'response.content':
      return exchange.response.body.text;
    case 'response.status':
      return exchange.response.status === 0 ? '' : String(exchange.response.status);
  }
  const [side, , name] = splitPart(part);
  if (name === '') return '';
  const headers = side === 'request' ? exchange.request.headers : exchange.response.headers;
  return header(headers, name) ?? '';
}

/** A quotation: what stands before the quoted characters, they themselves, and what follows. */
export interface Quote {
  readonly before: string;
  readonly quoted: string;
  readonly after: string;
}

/**
 * The characters an evidence points at, with up to `around` UTF-16 units on each
 * side; null when the part has no text. Without a range a short part is quoted whole, a long one not at all.
 */
export function quote(exchange: Exchange, evidence: Evidence, around: number): Quote | null {
  const text = partText(exchange, evidence.part);
  if (text === '') return null;
  const [from, to] = evidence.range ?? [0, 0];
  const start = Math.max(0, Math.min(from, text.length));
  const end = Math.max(start, Math.min(to, text.length));
  if (end === start) return text.length <= around * 2 ? { before: text, quoted: '', after: '' } : null;
  const first = Math.max(0, start - around);
  return {
    before: (first > 0 ? '…' : '') + text.slice(first, start),
    quoted: end - start > 600 ? `${text.slice(start, start + 600)}…` : text.slice(start, end),
    after: cut(text, end, around),
  };
}

function cut(text: string, start: number, length: number): string {
  return text.length > start + length ? `${text.slice(start, start + length)}…` : text.slice(start);
}

function splitPart(part: string): readonly [string, string, string] {
  const first = part.indexOf('.');
  const second = part.indexOf('.', first + 1);
  if (first < 0 || second < 0) return [part, '', ''];
  return [part.slice(0, first), part.slice(first + 1, second), part.slice(second + 1)];
}

/** What a reader calls a part: `Location header`, `request body`. */
export function partName(part: string): string {
  switch (part) {
    case 'request.url':
      return 'URL';
    case 'request.postData':
      return 'request body';
    case 'response.content':
      return 'response body';
    case 'response.status':
      return 'status';
    case 'timings':
      return 'times';
  }
  const [side, , name] = splitPart(part);
  return name === '' ? part : `${side} header ${name}`;
}
