import { header } from '../../exchange/exchange.ts';
import { formValue } from '../../protocol/form.ts';
import { mediaType } from '../../protocol/media-type.ts';
import { readTarget } from '../../protocol/url.ts';
import type { StrayTokenRequest } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { rangeIn } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type BoundExchange, kindName, tokenExchanges } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 6749 section 3.2 and appendix B: token requests are POSTed forms, with nothing secret in the URL. */
export const rule = defineRule({
  id: 'token-request-post-form',
  title: 'Token request is not a POSTed form',
  party: 'client',
  level: 'error',
  since: null,
  spec: [
    rfc(6749, '3.2'),
    { text: 'RFC 6749 appendix B', url: 'https://datatracker.ietf.org/doc/html/rfc6749#appendix-B' },
    mcp('2026-07-28', 'overview'),
    mcp('2025-11-25', 'overview'),
  ],
  fix: 'POST the parameters as application/x-www-form-urlencoded in the body, and none of them in the URL.',
  *judge(story) {
    for (const bound of tokenExchanges(story)) yield judge(bound);
    for (const stray of story.strayTokenRequests) {
      const judgement = judgeStray(stray);
      if (judgement) yield judgement;
    }
  },
});

const FORM = 'application/x-www-form-urlencoded';
/** Must not stand in a URL: logs, histories and referrers keep URLs. */
const SECRETS = ['client_secret', 'refresh_token', 'code'] as const;

function judge(bound: BoundExchange): Judgement {
  const { by, server } = bound;
  const { exchange, request } = by;
  const subject = server.url;
  const secret = secretInUrl(exchange.url);
  if (secret) {
    const message = `The ${kindName(bound)} carries its ${secret.name} in the URL.`;
    return { kind: 'fail', subject, message, evidence: [evidence(exchange, 'request.url', secret.name, secret.range)] };
  }
  const declared = header(exchange.request.headers, 'content-type') ?? exchange.request.body.mimeType;
  const type = mediaType(declared);
  const part =
    header(exchange.request.headers, 'content-type') === null ? 'request.postData' : 'request.headers.content-type';
  if (request.format === 'json' || (type !== '' && type !== FORM)) {
    const sent = request.format === 'json' ? 'JSON' : type;
    return {
      kind: 'fail',
      subject,
      message: `The ${kindName(bound)} is sent as ${sent} and not as a form.`,
      evidence: [evidence(exchange, part, type === '' ? sent : type)],
    };
  }
  const shown = evidence(exchange, part, type === '' ? 'no content type' : type);
  if (type === '') {
    return {
      kind: 'open',
      subject,
      message: `The recording does not say in which format the ${kindName(bound)} was sent.`,
      evidence: [shown],
      missing: ['request-headers'],
    };
  }
  return { kind: 'pass', subject, message: `The ${kindName(bound)} is a POSTed form.`, evidence: [shown] };
}

function judgeStray({ exchange, server, params, part }: StrayTokenRequest): Judgement | null {
  if (!server) return null;
  const subject = server.url;
  if (exchange.method === 'GET') {
    const name = ['grant_type', ...SECRETS].find((known) => formValue(params, known) !== null) ?? 'grant_type';
    const shown = evidence(exchange, 'request.url', name, rangeIn(exchange.url, params, name));
    return {
      kind: 'fail',
      subject,
      message: 'The client asked for a token by GET, so its parameters are in the URL.',
      evidence: [shown],
    };
  }
  const secret = part === 'request.url' ? secretInUrl(exchange.url) : null;
  if (secret) {
    const message = `A request to the token endpoint carries its ${secret.name} in the URL.`;
    return { kind: 'fail', subject, message, evidence: [evidence(exchange, 'request.url', secret.name, secret.range)] };
  }
  if (params.fields.length > 0) return null;
  const type = mediaType(header(exchange.request.headers, 'content-type') ?? exchange.request.body.mimeType);
  const message = `A token request is sent as ${type === '' ? 'something else' : type} and not as a form.`;
  return { kind: 'fail', subject, message, evidence: [evidence(exchange, 'request.postData', type)] };
}

function secretInUrl(url: string) {
  const query = readTarget(url)?.query ?? { fields: [] };
  const name = SECRETS.find((known) => formValue(query, known));
  return name === undefined ? null : { name, range: rangeIn(url, query, name) };
}
