import type { Exchange } from '../exchange/exchange.ts';

/** How close in time two records may be of one request (guard G2), milliseconds. */
const ARTEFACT = 50;

/** Whether two exchanges are one that was recorded twice: the texts and the status are alike, and no client repeats so soon. */
export function isSameRecord(one: Exchange, other: Exchange): boolean {
  return (
    Math.abs(other.sent - one.sent) <= ARTEFACT &&
    one.url === other.url &&
    one.request.body.text === other.request.body.text &&
    one.response.status === other.response.status &&
    one.response.body.text === other.response.body.text
  );
}
