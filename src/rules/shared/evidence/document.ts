import type { Exchange } from '../../../exchange/exchange.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence } from './evidence.ts';
import { memberAnswered } from './members.ts';

/** How much of a server's own text a sentence quotes, UTF-16 code units. */
const QUOTED = 160;

/** A value from a server's document, short enough for a sentence. */
export function quoted(value: string): string {
  return value.length <= QUOTED ? value : `${value.slice(0, QUOTED)}…`;
}

/** Points at a member of a JSON document (RFC 8414, RFC 9728); at the document where it has none, or an empty one. */
export function memberOf(exchange: Exchange, name: string, note: string): Evidence {
  const range = memberAnswered(exchange, name);
  return evidence(exchange, 'response.content', quoted(note), range && range[0] < range[1] ? range : null);
}

/** That an exchange was answered, and how. */
export function statusOf(exchange: Exchange): Evidence {
  const { status } = exchange.response;
  return evidence(exchange, 'response.status', status === 0 ? (exchange.error ?? 'no answer') : String(status));
}
