import { isLoopback, parseUrl } from '../../protocol/url.ts';
import { documentAt } from '../../story/issuer-documents.ts';
import type { Grant, Server, Story } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { short } from '../shared/evidence/short.ts';
import { tokenClientOf } from '../shared/registration/client-id.ts';
import { acceptanceOf, clientErrorOf } from '../shared/registration/client-verdict.ts';
import { documentSupport } from '../shared/registration/registration.ts';
import { urlClients } from '../shared/registration/url-clients.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp } from '../shared/spec/links.ts';
import { clientDocument, REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** The URL that a client is known by is one that a client ID metadata document may have. */
export const rule = defineRule({
  id: 'cimd-client-id-valid',
  title: 'Malformed URL as client_id',
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'implementation-requirements', REGISTRATION_PAGE),
    mcp('2025-11-25', 'implementation-requirements'),
    clientDocument('3'),
  ],
  fix: 'Host the document at an https URL with a path, and without fragment, user name, or dot segments.',
  *judge(story) {
    for (const { clientId, grant, server } of urlClients(story)) {
      const judgement = judge(story, clientId, grant, server);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, clientId: string, grant: Grant, server: Server): Judgement | null {
  const shown = idOf(grant);
  const at = grant.authorization ?? grant.token ?? grant.refreshes[0];
  if (!shown || !at) return null;
  const judged = { subject: server.url, occasion: `${grant.issuer} ${clientId}` };
  const faults = faultsOf(clientId);
  if (faults.length === 0)
    return {
      ...judged,
      kind: 'pass',
      message: 'The client_id is a URL that a client ID metadata document may have.',
      evidence: [shown],
    };
  const url = parseUrl(clientId);
  if (url?.protocol === 'http:' && isLoopback(url.host)) {
    return {
      ...judged,
      kind: 'notApplicable',
      message: 'The client ID metadata document is on this machine, for development.',
      evidence: [shown],
    };
  }
  const document = documentAt(story, grant.issuer, at.exchange.sent);
  const accepted = acceptanceOf(grant);
  if (document && document.metadata.clientIdMetadataDocumentSupported !== true && accepted) {
    const message = 'The authorization server knows this client_id without a client ID metadata document.';
    return { ...judged, kind: 'notApplicable', message, evidence: [shown, documentSupport(document)] };
  }
  return {
    ...judged,
    kind: 'fail',
    level: levelSince(server, '2025-11-25', 'error', clientErrorOf(grant) !== null),
    message: `The client_id ${short(withoutUserinfo(clientId))} ${faults.join(' and ')}${sinceWords(server, '2025-11-25')}.`,
    evidence: [shown],
  };
}

function idOf({ authorization, token, refreshes }: Grant): Evidence | null {
  if (authorization) return parameterOf(authorization, 'client_id');
  const request = token ?? refreshes[0];
  return request ? tokenClientOf(request) : null;
}

/** What keeps a URL from being a client identifier (draft-00 section 3); looks at the text as sent, for a URL parser resolves dot segments. */
function faultsOf(clientId: string): string[] {
  const url = parseUrl(clientId);
  if (!url) return [];
  const path = rawPath(clientId);
  const segments = path.toLowerCase().replaceAll('%2e', '.').split('/');
  return [
    ...(url.protocol === 'https:' ? [] : ['does not use https']),
    ...(path === '' ? ['has no path'] : []),
    ...(clientId.includes('#') ? ['has a fragment'] : []),
    ...(url.username !== '' || url.password !== '' ? ['has a user name or password'] : []),
    ...(segments.includes('.') || segments.includes('..') ? ['has dot segments in its path'] : []),
  ];
}

/** The path as it is written: from the first slash behind the authority to the query or fragment. */
function rawPath(text: string): string {
  const authority = text.indexOf('//') + 2;
  const rest = text.slice(authority);
  const ends = ['?', '#'].map((sign) => rest.indexOf(sign)).filter((at) => at >= 0);
  const end = ends.length === 0 ? rest.length : Math.min(...ends);
  const slash = rest.indexOf('/');
  return slash < 0 || slash > end ? '' : rest.slice(slash, end);
}

/** A password has no place in a message. */
function withoutUserinfo(clientId: string): string {
  const url = parseUrl(clientId);
  if (!url || (url.username === '' && url.password === '')) return clientId;
  const at = clientId.indexOf('@');
  return at < 0 ? url.host : `${url.protocol}//${clientId.slice(at + 1)}`;
}
