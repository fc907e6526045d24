import type { Exchange } from '../../exchange/exchange.ts';
import { asObject, type JsonObject, parseJson, stringMember, stringsMember } from '../../protocol/json.ts';
import { isPutOff } from '../../story/answers.ts';
import { mayBeGated } from '../../story/gateways.ts';
import { namedIssuers } from '../../story/issuer-documents.ts';
import type { Server } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { candidatesOf, issuerFetches } from '../shared/discovery/candidates.ts';
import { memberOf, quoted, statusOf } from '../shared/evidence/document.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { OIDC_DISCOVERY } from '../shared/spec/discovery-links.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** At one of the well-known places of a named issuer there is its metadata. */
export const rule = defineRule({
  id: 'as-metadata-served',
  title: 'The authorization server serves no metadata',
  party: 'authorization-server',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'overview'),
    mcp('2025-11-25', 'overview'),
    mcp('2025-06-18', 'overview'),
    mcp('2025-03-26', 'overview'),
    rfc(8414, '3'),
    OIDC_DISCOVERY,
  ],
  fix: 'Serve RFC 8414 metadata or an OpenID Connect discovery document for the issuer that the MCP server names.',
  *judge(story) {
    const fetches = issuerFetches(story);
    for (const server of story.servers) {
      for (const issuer of namedIssuers(server).keys()) {
        const judgement = judge(server, issuer, fetches);
        if (judgement) yield judgement;
      }
    }
  },
});

/** Undecided: no answer, put off, redirected out of sight, or a body that was not kept (causes C1, G3). */
type Found = 'served' | 'absent' | 'undecided' | 'not-tried';

function judge(server: Server, issuer: string, fetches: ReturnType<typeof issuerFetches>): Judgement | null {
  const candidates = candidatesOf(issuer, fetches).map(({ url, fetches: all }) => {
    const found = all.map(({ exchange }) => ({ exchange, is: findingOf(exchange) }));
    const best = found.find(({ is }) => is === 'served') ?? found.find(({ is }) => is === 'undecided') ?? found.at(-1);
    return { url, exchange: best?.exchange ?? null, is: best?.is ?? ('not-tried' as Found) };
  });
  const tried = candidates.flatMap(({ exchange, is }) => (exchange ? [{ exchange, is }] : []));
  if (tried.length === 0) return null;
  const judged = { subject: server.url, occasion: issuer };
  const served = tried.find(({ is }) => is === 'served');
  if (served) {
    return {
      ...judged,
      kind: 'pass',
      message: `${quoted(issuer)} serves its metadata.`,
      evidence: [memberOf(served.exchange, 'issuer', 'issuer')],
    };
  }
  const seen = tried.toReversed().map(({ exchange }) => answerOf(exchange));
  const untried = candidates.find(({ is }) => is === 'not-tried');
  if (untried || tried.some(({ is }) => is === 'undecided')) {
    const why = untried ? `${quoted(untried.url)} was not tried` : 'an answer is not in the log';
    const message = `No metadata of ${quoted(issuer)} is in the log, but ${why}.`;
    return { ...judged, kind: 'open', message, evidence: seen, missing: ['authorization-server-metadata'] };
  }
  const message = `None of the ${tried.length} well-known addresses of ${quoted(issuer)} has metadata with an issuer and its endpoints.`;
  return {
    ...judged,
    kind: 'fail',
    level: server.revision === '2025-03-26' ? 'warning' : 'error',
    message,
    evidence: seen,
  };
}

function findingOf({ response: { status, body } }: Exchange): Found {
  if (status >= 500 || status === 404 || status === 410 || status === 405) return 'absent';
  if (status !== 200)
    return status >= 400 && status < 500 && !isPutOff(status) && !mayBeGated(status) ? 'absent' : 'undecided';
  if (body.state !== 'whole') return 'undecided';
  const document = asObject(parseJson(body.text));
  return document && isComplete(document) ? 'served' : 'absent';
}

/** RFC 8414 section 2; an authorization endpoint is needed for grants that use it. */
function isComplete(document: JsonObject): boolean {
  const has = (name: string): boolean => stringMember(document, name) !== null;
  const grants = stringsMember(document, 'grant_types_supported');
  const withoutCode = grants !== null && !grants.includes('authorization_code') && !grants.includes('implicit');
  return has('issuer') && has('token_endpoint') && (has('authorization_endpoint') || withoutCode);
}

function answerOf(exchange: Exchange): Evidence {
  return exchange.response.status === 200 ? evidence(exchange, 'response.content', 'no metadata') : statusOf(exchange);
}
