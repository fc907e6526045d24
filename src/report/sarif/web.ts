import type { Content, Exchange, HeaderFields } from '../../exchange/exchange.ts';
import { shorten, visible } from '../text.ts';
import type { WebRequest, WebResponse } from './types.ts';

/** The request of an exchange (SARIF 2.1.0 section 3.46); bodies are cut at `bodyLength` UTF-16 units, 0 leaves them out. */
export function webRequest(exchange: Exchange, bodyLength: number): WebRequest {
  return {
    protocol: protocolOf(exchange.url),
    target: visible(exchange.url),
    method: visible(exchange.method),
    headers: headersOf(exchange.request.headers),
    ...bodyOf(exchange.request.body, bodyLength),
  };
}

/** The response of an exchange (section 3.47). */
export function webResponse(exchange: Exchange, bodyLength: number): WebResponse {
  const { status, statusText, headers, body } = exchange.response;
  if (status === 0) return { protocol: protocolOf(exchange.url), headers: {}, noResponseReceived: true };
  return {
    protocol: protocolOf(exchange.url),
    statusCode: Math.trunc(status),
    ...(statusText === '' ? {} : { reasonPhrase: visible(statusText) }),
    headers: headersOf(headers),
    ...bodyOf(body, bodyLength),
    noResponseReceived: false,
  };
}

function protocolOf(url: string): string {
  return url.startsWith('https:') || url.startsWith('http:') ? 'HTTP' : 'unknown';
}

/** A field that comes several times has its values in one, in order (RFC 9110 section 5.3). */
function headersOf(fields: HeaderFields): Readonly<Record<string, string>> {
  const values = new Map<string, { readonly name: string; value: string }>();
  for (const { name, value } of fields) {
    const key = name.toLowerCase();
    const known = values.get(key);
    if (known === undefined) values.set(key, { name: visible(name), value: visible(value) });
    else known.value += `, ${visible(value)}`;
  }
  return Object.fromEntries([...values.values()].map(({ name, value }) => [name, value]));
}

function bodyOf({ text }: Content, length: number): { readonly body?: { readonly text: string } } {
  return text === '' || length === 0 ? {} : { body: { text: visible(shorten(text, length)) } };
}
