import type { Exchange } from '../../../exchange/exchange.ts';
import { header } from '../../../exchange/exchange.ts';
import { asObject, parseJson, stringMember } from '../../../protocol/json.ts';
import type { Call, Server } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import type { Judgement } from '../../rule.ts';
import { evidence } from '../evidence/evidence.ts';

/** Whether the recording holds the response headers. */
export function knowsHeaders({ response }: Exchange): boolean {
  return response.headers.length > 0;
}

/** The combined `WWW-Authenticate` of an answer; null when it has none. */
export const challengeText = oncePer(({ response }: Exchange) => header(response.headers, 'www-authenticate'));

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

/** Whether a 403 is about where the request came from (DNS rebinding protection), and not about who sent it. */
export function isAboutOrigin({ response }: Exchange): boolean {
  const text = response.body.text.slice(0, 2000).toLowerCase();
  return ['origin', 'host header', 'invalid host', 'allowed hosts', 'rebinding', 'csrf'].some((word) =>
    text.includes(word),
  );
}

/** The top-level `error` of a JSON body; null when there is none. */
export const errorInBody = oncePer(({ response }: Exchange): string | null => {
  if (!response.body.text.includes('"error"')) return null;
  const object = asObject(parseJson(response.body.text));
  return object && stringMember(object, 'error');
});

/** The body was not recorded although there was, or may have been, one. */
export function lacksBody({ response }: Exchange): boolean {
  return response.body.state === 'missing' || (response.body.state === 'cut' && response.body.text === '');
}

/** A refusal whose response headers the recording lost (cause C5). */
export function withoutHeaders(server: Server, { exchange, status }: Call): Judgement {
  return {
    kind: 'open',
    subject: server.url,
    message: 'The refusal was recorded without its headers.',
    evidence: [evidence(exchange, 'response.status', String(status))],
    missing: ['response-headers'],
  };
}
