import { header } from '../../../exchange/exchange.ts';
import type { TokenExchange } from '../../../story/model.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence } from '../evidence/evidence.ts';
import { memberAnswered } from '../evidence/members.ts';

/** A member of the token response, at its value; the whole body where it has none or is no JSON. */
export function memberOf({ exchange }: TokenExchange, name: string, note: string): Evidence {
  const range = exchange.response.body.state === 'whole' ? memberAnswered(exchange, name) : null;
  return evidence(exchange, 'response.content', note, range && range[0] < range[1] ? range : null);
}

/** Whether the page's script could read the answer (Fetch, CORS); one that it could not read is lost. */
export function couldRead({ exchange }: TokenExchange): boolean {
  const origin = header(exchange.request.headers, 'origin');
  if (origin === null || exchange.envelope || exchange.response.headers.length === 0) return true;
  if (URL.canParse(exchange.url) && new URL(exchange.url).origin === origin) return true;
  const allowed = header(exchange.response.headers, 'access-control-allow-origin')?.trim();
  return allowed === '*' || allowed === origin;
}
