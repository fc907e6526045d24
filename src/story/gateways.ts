import { type Exchange, header } from '../exchange/exchange.ts';
import { asObject, parseJson } from '../protocol/json.ts';
import { challengeText, isDecided } from './answers.ts';
import { oncePer } from './once.ts';

/** What the `Server` header of a content delivery network or load balancer begins with. */
const EDGES = ['cloudflare', 'cloudfront', 'akamai', 'awselb', 'fastly'];

/**
 * Whether something in front of the MCP server answered, or may have: a firewall, a captive portal, a login
 * page (guard G15), a proxy that speaks for itself (guard G17). Servers answer in JSON or plain text; an
 * answer with a challenge is the server's own.
 */
export const isFromGateway = oncePer((exchange: Exchange): boolean => {
  const { response, envelope } = exchange;
  const { headers, body } = response;
  if (header(headers, 'cf-mitigated') !== null || header(headers, 'proxy-authenticate') !== null) return true;
  if (challengeText(exchange) !== null) return false;
  if (envelope?.response === response) return true;
  if (body.mimeType === 'text/html' || body.text.trimStart().startsWith('<')) return true;
  const edge = (header(headers, 'server') ?? '').toLowerCase();
  return EDGES.some((name) => edge.startsWith(name)) && asObject(parseJson(body.text)) === null;
});

/** Whether a refusal of a public document is a gate's, not the word of whoever should serve it (guard G15). */
export function isGated({ response: { status, headers, body } }: Exchange): boolean {
  if (header(headers, 'cf-mitigated') !== null || status === 407 || status === 429) return true;
  return (status === 401 || status === 403) && body.mimeType === 'text/html';
}

/** Whether a refusal of a public document may be a gate's: who should serve it has no reason to ask who reads it (guard G15). */
export function mayBeGated(status: number): boolean {
  return status === 401 || status === 403 || status === 407;
}

/** Whether an answer says that a public document is not there: decided (guard G3), and by whom it should serve (guard G15). */
export function isAbsent(exchange: Exchange): boolean {
  const { status } = exchange.response;
  return isDecided(exchange) && status !== 200 && !mayBeGated(status);
}

/** Whether a 403 is about where the request came from (DNS rebinding protection), and not about who sent it (guard G15). */
export function isAboutOrigin({ response }: Exchange): boolean {
  const text = response.body.text.slice(0, 2000).toLowerCase();
  return ['origin', 'host header', 'invalid host', 'allowed hosts', 'rebinding', 'csrf'].some((word) =>
    text.includes(word),
  );
}
