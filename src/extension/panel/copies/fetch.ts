import type { Exchange } from '../../../exchange/exchange.ts';
import { visible } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { repeatable } from './request.ts';

/** Forbidden request-headers of the Fetch standard: a page's script cannot set them. */
const forbidden: ReadonlySet<string> = new Set([
  'accept-charset',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'access-control-request-private-network',
  'cookie',
  'cookie2',
  'date',
  'dnt',
  'expect',
  'origin',
  'referer',
  'set-cookie',
  'trailer',
  'user-agent',
  'via',
]);

/** A request as a call of `fetch`, to run in the page's console; null where fetch could not send it. */
export function fetchCall(exchange: Exchange): string | null {
  const request = repeatable(exchange);
  if (request === null || ['CONNECT', 'TRACE', 'TRACK'].includes(request.method.toUpperCase())) return null;
  const { method, url, headers, body, bodyUnseen } = request;
  const sent = headers.filter(({ name }) => !isForbidden(name));
  const cookies = headers.some(({ name }) => name.toLowerCase() === 'cookie');
  const bodiless = method === 'GET' || method === 'HEAD';
  const lines = [
    ...(bodyUnseen ? [`// ${strings.copies.bodyUnseen}`] : []),
    `await fetch(${literal(url)}, {`,
    `  method: ${literal(method)},`,
    '  headers: [',
    ...sent.map(({ name, value }) => `    [${literal(name)}, ${literal(value)}],`),
    '  ],',
    ...(body === null || bodiless ? [] : [`  body: ${literal(body)},`]),
    `  credentials: ${literal(cookies ? 'include' : 'omit')},`,
    '});',
  ];
  return lines.join('\n');
}

function isForbidden(name: string): boolean {
  const lower = name.toLowerCase();
  return forbidden.has(lower) || lower.startsWith('proxy-') || lower.startsWith('sec-');
}

/** A string literal of JavaScript in which everything can be seen. */
function literal(text: string): string {
  let shown = '';
  for (const unit of JSON.stringify(text)) {
    if (visible(unit) === unit) shown += unit;
    else for (let at = 0; at < unit.length; at += 1) shown += `\\u${unit.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return shown;
}
