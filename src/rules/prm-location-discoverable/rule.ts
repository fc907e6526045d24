import type { Exchange } from '../../exchange/exchange.ts';
import { protectedResourceMetadataUrls, readProtectedResourceMetadata } from '../../protocol/metadata.ts';
import { challengeText } from '../../story/answers.ts';
import { isAbsent, isFromGateway } from '../../story/gateways.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { isOAuthServer } from '../../story/oauth-servers.ts';
import { knowsHeaders } from '../../story/recorded.ts';
import { speaks } from '../../story/revisions.ts';
import type { Missing } from '../missing.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** A client must be able to find the protected resource metadata: by the challenge, or at a well-known place. */
export const rule = defineRule({
  id: 'prm-location-discoverable',
  title: 'The protected resource metadata cannot be found',
  party: 'server',
  level: 'error',
  since: '2025-06-18',
  spec: [
    mcp('2026-07-28', 'protected-resource-metadata-discovery-requirements', 'authorization-server-discovery'),
    mcp('2025-11-25', 'protected-resource-metadata-discovery-requirements'),
    mcp('2025-06-18', 'authorization-server-location'),
    rfc(9728, '5.1'),
    rfc(9728, '3.1'),
  ],
  fix: 'Name the metadata URL as resource_metadata in every 401, or serve the document at its well-known place.',
  *judge(story) {
    for (const server of story.servers) {
      const judgement = judge(story, server);
      if (judgement) yield { ...judgement, occasion: 'discovery' };
    }
  },
});

function judge(story: Story, server: Server): Judgement | null {
  const refused = server.refused.filter(({ status, exchange }) => status === 401 && !isFromGateway(exchange));
  const [first] = refused;
  if (!first) return null;
  const subject = server.url;
  if (speaks(server, '2025-06-18') === false) {
    const message = `MCP ${server.revision} has no protected resource metadata.`;
    return { kind: 'notApplicable', subject, message, evidence: [evidence(first.exchange, 'response.status', '401')] };
  }
  const silent = refused.find((call) => call.challenge !== null && call.challenge.resourceMetadata === null);
  if (server.revision === '2025-06-18' && silent) {
    const message =
      'The 401 does not name the protected resource metadata; MCP 2025-06-18 demands resource_metadata in the challenge.';
    return { kind: 'fail', subject, message, evidence: [challengeOf(silent)] };
  }
  const named = refused.find(({ challenge }) => challenge !== null && challenge.resourceMetadata !== null);
  if (named?.challenge) {
    const seen = evidence(
      named.exchange,
      'response.headers.www-authenticate',
      'resource_metadata',
      named.challenge.resourceMetadataRange,
    );
    return { kind: 'pass', subject, message: 'The challenge names the protected resource metadata.', evidence: [seen] };
  }
  if (server.revision === '2025-06-18') return null;
  return judgeProbes(story, server, silent ?? first);
}

/** Without `resource_metadata` the document has to be at one of the well-known places (RFC 9728 section 3.1). */
function judgeProbes(story: Story, server: Server, call: Call): Judgement | null {
  const subject = server.url;
  const wanted = protectedResourceMetadataUrls(server.url);
  const probes = story.discovery.filter(
    ({ exchange, servers }) => servers.includes(server) && wanted.includes(exchange.url),
  );
  const found = probes.find(({ exchange }) => isServed(exchange));
  if (found) {
    const seen = evidence(found.exchange, 'response.status', String(found.exchange.response.status));
    return {
      kind: 'pass',
      subject,
      message: 'The protected resource metadata is at its well-known place.',
      evidence: [seen],
    };
  }
  if (!isOAuthServer(story, server)) return null;
  const absent = probes.filter(({ exchange }) => isAbsent(exchange) || servesElse(exchange));
  const tried = new Set(absent.map(({ exchange }) => placeOf(exchange.url)));
  const untried = [...new Set(wanted.map(placeOf))].filter((place) => !tried.has(place));
  const seen: Evidence[] = [
    challengeOf(call),
    ...absent.map(({ exchange }) => evidence(exchange, 'response.status', String(exchange.response.status))),
  ];
  if (untried.length > 0 || !knowsHeaders(call.exchange)) {
    const message =
      'The 401 does not name the protected resource metadata, and the log does not show whether it is at every well-known place.';
    const missing: readonly Missing[] = knowsHeaders(call.exchange)
      ? ['protected-resource-metadata']
      : ['response-headers'];
    return { kind: 'open', subject, message, evidence: seen, missing };
  }
  const signedIn = story.chains.some((chain) => chain.server === server);
  const consequence = signedIn
    ? 'only a client that falls back to MCP 2025-03-26 finds where to sign in'
    : 'a client cannot learn where to sign in';
  const message = `The 401 does not name the protected resource metadata, and it is at no well-known place: ${consequence}.`;
  return { kind: 'fail', subject, message, evidence: seen };
}

function challengeOf({ exchange, challenge }: Call): Evidence {
  if (challengeText(exchange) === null) return evidence(exchange, 'response.status', '401 without WWW-Authenticate');
  const note = '401 without resource_metadata';
  return evidence(exchange, 'response.headers.www-authenticate', note, challenge?.challenge.range ?? null);
}

function isServed({ response, fromCache }: Exchange): boolean {
  if (response.status === 304 || (fromCache && response.status === 0)) return true;
  if (response.status !== 200) return false;
  return response.body.text === ''
    ? response.body.state === 'missing'
    : readProtectedResourceMetadata(response.body.text) !== null;
}

/** Answered with something that is no such document. */
function servesElse({ response }: Exchange): boolean {
  return response.status === 200 && response.body.text !== '';
}

/** A place with and without the slash at its end is one. */
function placeOf(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}
