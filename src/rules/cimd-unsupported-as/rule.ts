import { documentAt } from '../../story/issuer-documents.ts';
import type { Grant, Server, Story } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { acceptanceOf, clientErrorOf } from '../shared/registration/client-verdict.ts';
import { documentSupport } from '../shared/registration/registration.ts';
import { urlClients } from '../shared/registration/url-clients.ts';
import { sinceWords } from '../shared/revision/since.ts';
import { mcp } from '../shared/spec/links.ts';
import { clientDocument, REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** A URL is sent as client_id only to an authorization server that says it takes one. */
export const rule = defineRule({
  id: 'cimd-unsupported-as',
  title: 'URL client_id sent to an authorization server without support',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'advertising-cimd-support', REGISTRATION_PAGE),
    mcp('2025-11-25', 'client-id-metadata-documents'),
    clientDocument('5'),
  ],
  fix: 'Look for client_id_metadata_document_supported first, and fall back to registration or a client_id from the user.',
  *judge(story) {
    for (const { grant, server } of urlClients(story)) {
      const judgement = judge(story, grant, server);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, grant: Grant, server: Server): Judgement | null {
  const { authorization } = grant;
  if (!authorization) return null;
  const sent = parameterOf(authorization, 'client_id');
  const judged = { subject: server.url, occasion: `${authorization.issuer} ${authorization.request.clientId}` };
  const document = documentAt(story, authorization.issuer, authorization.exchange.sent);
  if (!document) {
    const message =
      'Whether the authorization server takes a URL as client_id is in its metadata, which is not in the log.';
    return { ...judged, kind: 'open', message, evidence: [sent], missing: ['authorization-server-metadata'] };
  }
  const support = documentSupport(document);
  if (document.metadata.clientIdMetadataDocumentSupported === true) {
    return {
      ...judged,
      kind: 'pass',
      message: 'The authorization server says that it takes a URL as client_id.',
      evidence: [sent, support],
    };
  }
  const said = 'The authorization server does not say that it takes a URL as client_id';
  const words = sinceWords(server, '2025-11-25');
  const fail = (message: string, level: 'warning' | 'note', answer: Evidence): Judgement => ({
    ...judged,
    kind: 'fail',
    level,
    message,
    evidence: [sent, support, answer],
  });
  const refused = clientErrorOf(grant);
  if (refused) return fail(`${said}, and refused it (${refused.note})${words}.`, 'warning', refused);
  const accepted = acceptanceOf(grant);
  if (accepted) return fail(`${said}; it worked all the same${words}.`, 'note', accepted);
  return {
    ...judged,
    kind: 'open',
    message: `${said}; its answer is not in the log.`,
    evidence: [sent, support],
    missing: ['authorization-response'],
  };
}
