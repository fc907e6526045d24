import { type Exchange, header } from '../exchange/exchange.ts';

/** Whether an exchange is a client's own request: no preflight, which the browser sends (guard G1), and no second record of one. */
export function isOwnRequest({ part }: Exchange): boolean {
  return part === 'request';
}

/** How close in time two records may be of one request (guard G2), milliseconds. */
const ARTEFACT = 50;

/** Fields that a server gives each answer anew. */
const PER_ANSWER = [
  'date',
  'x-request-id',
  'request-id',
  'x-correlation-id',
  'cf-ray',
  'x-ms-request-id',
  'x-trace-id',
];

/** Whether two exchanges are one that was recorded twice (guard G2): the texts and the status are alike, and no client repeats so soon. */
export function isSameRecord(one: Exchange, other: Exchange): boolean {
  return (
    Math.abs(other.sent - one.sent) <= ARTEFACT &&
    one.url === other.url &&
    one.request.body.text === other.request.body.text &&
    one.response.status === other.response.status &&
    one.response.body.text === other.response.body.text &&
    !PER_ANSWER.some((name) => differs(name, one, other))
  );
}

function differs(name: string, one: Exchange, other: Exchange): boolean {
  const [mine, its] = [header(one.response.headers, name), header(other.response.headers, name)];
  return mine !== null && its !== null && mine !== its;
}
