import type { Exchange } from '../../../exchange/exchange.ts';
import { topLevelRanges } from '../../../protocol/json-range.ts';
import type { Range } from '../../../protocol/range.ts';
import { oncePer } from '../../../story/once.ts';

const sent = oncePer(({ request }: Exchange) => topLevelRanges(request.body.text));
const answered = oncePer(({ response }: Exchange) => topLevelRanges(response.body.text));

/** Where a member of a request's JSON object stands, as in `topLevelRanges`; null when it has none of that name. */
export function memberSent(exchange: Exchange, name: string): Range | null {
  return sent(exchange).get(name) ?? null;
}

/** Where a member of an answer's JSON object stands; null when it has none of that name. */
export function memberAnswered(exchange: Exchange, name: string): Range | null {
  return answered(exchange).get(name) ?? null;
}
