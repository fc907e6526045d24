import type { Exchange } from '../../exchange/exchange.ts';
import { header } from '../../exchange/exchange.ts';
import { originOf } from '../../protocol/url.ts';
import type { Grant, Server, Sighting, Story } from '../../story/model.ts';
import { isSuccess } from '../../story/token-answers.ts';
import { isSecret } from '../../story/token-book.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9700 sections 4.2 and 4.3: the code stays between the client and its authorization server. */
export const rule = defineRule({
  id: 'code-leaked',
  title: 'The authorization code was sent to a third party',
  party: 'client',
  level: 'warning',
  since: '2025-03-26',
  spec: [rfc(9700, '4.2'), rfc(9700, '4.3'), mcp('2026-07-28', 'overview')],
  fix: 'Set Referrer-Policy: no-referrer on the callback page, take the query out of the address at once, and keep the URL from analytics and error reports.',
  *judge(story) {
    for (const grant of story.grants) {
      const judgement = grant.server ? judge(story, grant, grant.server) : null;
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, grant: Grant, server: Server): Judgement | null {
  const { callback, token } = grant;
  const code = callback?.response.code ?? token?.request.code ?? null;
  if (code === null) return null;
  const subject = server.url;
  const occasion = grant.id;
  const known = callback
    ? [evidence(callback.exchange, callback.part, 'the code')]
    : token
      ? [tokenRequestOf(token)]
      : [];
  if (!isSecret(code))
    return {
      kind: 'open',
      subject,
      occasion,
      message: 'The recording does not hold the code.',
      evidence: known,
      missing: ['authorization-code'],
    };
  const abroad = sentAbroad(story, grant, code);
  const [first] = abroad;
  if (!first)
    return {
      kind: 'pass',
      subject,
      occasion,
      message: 'No request to a third party carries the code.',
      evidence: known,
    };
  const seen = [...abroad.map(({ exchange, part, range }) => evidence(exchange, part, 'the code', range)), ...known];
  if (token === null && abroad.every(isOwnBackend)) {
    const message = `The page sent the code to ${originOf(first.exchange.url)}, which may be the client's own backend: no token request is in the log.`;
    return { kind: 'open', subject, occasion, message, evidence: seen, missing: ['token-request'] };
  }
  const spent =
    token !== null && isSuccess(token) && abroad.every(({ exchange }) => exchange.sent >= token.exchange.answered);
  const where = [...new Set(abroad.map(({ exchange }) => originOf(exchange.url)))].join(', ');
  const message = `The authorization code went to ${where} in ${PARTS[first.part] ?? 'a header'}${spent ? ', after it had been redeemed' : ', before it was redeemed'}.`;
  return { kind: 'fail', level: spent ? 'note' : 'warning', subject, occasion, message, evidence: seen };
}

const PARTS: Readonly<Record<string, string>> = {
  'request.url': 'the URL',
  'request.headers.referer': 'the Referer header',
  'request.postData': 'the body',
};

/** A backend that redeems codes is sent them in a body; third parties get them by accident, in a URL as a rule. */
function isOwnBackend({ part, exchange }: Sighting): boolean {
  return part === 'request.postData' && exchange.method === 'POST';
}

/** Requests that carry the code to somebody who has no part in the sign-in. */
function sentAbroad(story: Story, grant: Grant, code: string): readonly Sighting[] {
  const steps = [grant.authorization?.exchange, grant.callback?.exchange, grant.token?.exchange];
  const elsewhere = story.sightings(code).filter(({ exchange }) => !steps.includes(exchange));
  if (elsewhere.length === 0) return elsewhere;
  const near = ownOrigins(grant);
  const far = elsewhere.filter(({ exchange }) => !near.has(originOf(exchange.url)));
  if (far.length === 0) return far;
  const published = publishedOrigins(story, grant);
  return far.filter(({ exchange }) => !published.has(originOf(exchange.url)) && !isStoryRequest(story, exchange.entry));
}

/** The authorization server, the page, the redirect URI; a proxy's requests are unwrapped already. */
function ownOrigins({ server, issuer, authorization, callback, token }: Grant): ReadonlySet<string | null> {
  return origins([
    issuer,
    authorization?.exchange.url,
    authorization?.request.redirectUri,
    callback?.exchange.url,
    callback?.exchange.response.location,
    token?.exchange.url,
    token?.request.redirectUri,
    token?.exchange.envelope?.url,
    token ? pageOf(token.exchange) : null,
    ...[server?.calls[0], server?.calls.at(-1)].map((call) => (call ? pageOf(call.exchange) : null)),
  ]);
}

/** Endpoints that the metadata names, and the pages that read it. */
function publishedOrigins(story: Story, { issuer }: Grant): ReadonlySet<string | null> {
  const documents = story.authorizationServers.find((known) => known.issuer === issuer)?.metadata ?? [];
  return origins(
    documents.flatMap(({ exchange, metadata }) => [
      metadata.authorizationEndpoint,
      metadata.tokenEndpoint,
      pageOf(exchange),
    ]),
  );
}

function pageOf({ request }: Exchange): string | null {
  return header(request.headers, 'origin') ?? header(request.headers, 'referer');
}

function origins(urls: readonly (string | null | undefined)[]): ReadonlySet<string | null> {
  return new Set(urls.flatMap((url) => (typeof url === 'string' ? [originOf(url)] : [])));
}

/** A request to a token endpoint, whoever it belongs to, is judged by other rules. */
function isStoryRequest(story: Story, entry: number): boolean {
  const kind = story.roleOf(entry)?.kind;
  return kind !== undefined && kind !== 'mcp' && kind !== 'model';
}
