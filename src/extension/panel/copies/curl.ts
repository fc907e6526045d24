import type { Exchange } from '../../../exchange/exchange.ts';
import { strings } from '../strings.ts';
import { repeatable } from './request.ts';
import { shellWord } from './shell.ts';

/** A request as a command for curl in a POSIX shell; null where curl could not send it. */
export function curlCommand(exchange: Exchange): string | null {
  const request = repeatable(exchange);
  if (request === null) return null;
  const { method, url, headers, body, bodyUnseen } = request;
  const words: string[] = [];
  // Brackets and braces in an address would be a pattern.
  const pattern = /[[\]{}]/.test(url) ? ' --globoff' : '';
  words.push(`curl${pattern} --url ${shellWord(url)}`);
  if (method === 'HEAD') words.push('--head');
  else if (method !== (body === null ? 'GET' : 'POST')) words.push(`--request ${shellWord(method)}`);
  for (const { name, value } of headers) {
    // A field without a value is written with a semicolon; with a colon curl would leave it out.
    words.push(`--header ${shellWord(value === '' ? `${name};` : `${name}: ${value}`)}`);
  }
  if (headers.some(({ name }) => name.toLowerCase() === 'accept-encoding')) words.push('--compressed');
  if (body !== null) words.push(`--data-raw ${shellWord(body)}`);
  const remarks: string[] = [];
  if (bodyUnseen) remarks.push(strings.copies.bodyUnseen);
  if (body?.includes('\0') === true) remarks.push(strings.copies.bodyNul);
  return [...remarks.map((remark) => `# ${remark}\n`), words.join(' \\\n  ')].join('');
}
