import type { Exchange } from '../../exchange/exchange.ts';
import { isAbsent } from '../../story/gateways.ts';
import type { Registration, Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { short } from '../shared/evidence/short.ts';
import { documentFaults } from '../shared/registration/client-document.ts';
import { tokenClientOf } from '../shared/registration/client-id.ts';
import { type UrlClient, urlClients } from '../shared/registration/url-clients.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp } from '../shared/spec/links.ts';
import { clientDocument, REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** The document behind a URL client_id is there, is about that URL, and holds what it must. */
export const rule = defineRule({
  id: 'cimd-document-valid',
  title: 'Client ID metadata document invalid',
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'implementation-requirements', REGISTRATION_PAGE),
    mcp('2025-11-25', 'implementation-requirements'),
    clientDocument('4'),
  ],
  fix: 'Serve a JSON document with the exact URL as client_id, a client_name and the redirect_uris, and without a shared secret.',
  *judge(story) {
    const judged = new Set<string>();
    for (const client of urlClients(story)) {
      const key = JSON.stringify([client.clientId, client.server.url]);
      if (judged.has(key)) continue;
      judged.add(key);
      yield* judgeClient(story, client);
    }
  },
});

function* judgeClient(story: Story, client: UrlClient): Generator<Judgement> {
  const documents = story.registrations.filter(
    ({ source, clientId }) => source === 'cimd' && clientId === client.clientId,
  );
  const read = new Set<Exchange>(documents.map(({ exchange }) => exchange));
  const failed = story.clientDocuments
    .filter(({ url }) => url === client.clientId)
    .filter((exchange) => !read.has(exchange));
  // The same fetch stands once for each issuer that the client is known to.
  for (const exchange of read) {
    const document = documents.find((known) => known.exchange === exchange);
    if (document) yield judgeDocument(client, document);
  }
  for (const exchange of failed) {
    const judgement = judgeFetch(client, exchange);
    if (judgement) yield judgement;
  }
  if (read.size > 0 || failed.length > 0) return;
  const { authorization, token } = client.grant;
  const shown = authorization ? parameterOf(authorization, 'client_id') : token ? tokenClientOf(token) : null;
  const message = 'The authorization server fetches the client ID metadata document itself; it is not in the log.';
  yield {
    kind: 'open',
    subject: client.server.url,
    message,
    evidence: present([shown]),
    missing: ['client-id-metadata-document'],
  };
}

function judgeDocument({ server, clientId }: UrlClient, document: Registration): Judgement {
  const subject = server.url;
  const faults = documentFaults(document);
  if (faults.length === 0) {
    const seen = [evidence(document.exchange, 'response.content', clientId)];
    return { kind: 'pass', subject, message: 'The client ID metadata document is valid.', evidence: seen };
  }
  return {
    kind: 'fail',
    level: levelSince(server, '2025-11-25', 'error'),
    subject,
    message: `The client ID metadata document at ${short(clientId)} ${faults.map(({ says }) => says).join(' and ')}${sinceWords(server, '2025-11-25')}.`,
    evidence: faults.map(({ shown }) => shown),
  };
}

/** A fetch that brought no client metadata; null where it says nothing of the document (no answer, a redirect, a passing failure, a gate's word). */
function judgeFetch({ server, clientId }: UrlClient, exchange: Exchange): Judgement | null {
  const { status, body } = exchange.response;
  const subject = server.url;
  if (isAbsent(exchange)) {
    const message = `The client ID metadata document at ${short(clientId)} is not there (${status})${sinceWords(server, '2025-11-25')}.`;
    return {
      kind: 'fail',
      level: levelSince(server, '2025-11-25', 'error'),
      subject,
      message,
      evidence: [evidence(exchange, 'response.status', String(status))],
    };
  }
  if (status !== 200) return null;
  if (body.state !== 'whole' && body.unmarked !== true) {
    const seen = [evidence(exchange, 'response.content', 'body not recorded')];
    return {
      kind: 'open',
      subject,
      message: 'The client ID metadata document was fetched, and its body is not in the log.',
      evidence: seen,
      missing: ['client-id-metadata-document'],
    };
  }
  const message = `What ${short(clientId)} serves is no client ID metadata document${sinceWords(server, '2025-11-25')}.`;
  return {
    kind: 'fail',
    level: levelSince(server, '2025-11-25', 'error'),
    subject,
    message,
    evidence: [evidence(exchange, 'response.content', body.mimeType || 'no client metadata')],
  };
}
