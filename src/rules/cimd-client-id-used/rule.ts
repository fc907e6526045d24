import { documentAt } from '../../story/issuer-documents.ts';
import { issuerKey } from '../../story/issuers.ts';
import type { Authorization, Server, Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { isUrlClientId } from '../shared/registration/client-id.ts';
import { documentSupport, isRegistered } from '../shared/registration/registration.ts';
import { type Choice, choices, isOutOfOrder, isUsedInstead } from '../shared/registration/registration-choice.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp } from '../shared/spec/links.ts';
import { clientDocument, REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** Where the authorization server takes client ID metadata documents, the client is known by the URL of one. */
export const rule = defineRule({
  id: 'cimd-client-id-used',
  title: 'URL client_id not used where it is supported',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'client-id-metadata-documents', REGISTRATION_PAGE),
    mcp('2025-11-25', 'client-id-metadata-documents'),
    clientDocument('3'),
  ],
  fix: 'Host a client ID metadata document at an https URL and send that URL as client_id.',
  *judge(story) {
    for (const choice of choices(story)) {
      const judgement = judgeChoice(choice);
      if (judgement) yield judgement;
    }
    yield* judgeRequests(story);
  },
});

/** The registration is the occasion, whatever the number of requests that use its id. */
function judgeChoice(choice: Choice): Judgement | null {
  const { registration, server, document, used, local, refusedBefore } = choice;
  if (!used || !isRegistered(registration)) return null;
  const subject = server.url;
  const sent = parameterOf(used, 'client_id');
  if (!document) {
    const message =
      'The client uses a registered id; whether the authorization server takes a URL is in its metadata, which is not in the log.';
    return { kind: 'open', subject, message, evidence: [sent], missing: ['authorization-server-metadata'] };
  }
  const seen = [sent, documentSupport(document), evidence(registration.exchange, 'request.url', 'registered here')];
  if (!isUsedInstead(choice)) {
    const message = isOutOfOrder(choice)
      ? 'The registration itself is out of order; see registration-priority-order.'
      : refusedBefore
        ? 'The authorization server refused the URL of the client first.'
        : 'The authorization server does not take client ID metadata documents.';
    return { kind: 'notApplicable', subject, message, evidence: seen };
  }
  const message = local
    ? 'The authorization server takes client ID metadata documents; a client on this machine needs a hosted one to use that'
    : 'The authorization server takes client ID metadata documents, and the client asked with a registered client_id';
  return {
    kind: 'fail',
    level: local ? 'note' : levelSince(server, '2025-11-25', 'warning'),
    subject,
    message: `${message}${sinceWords(server, '2025-11-25')}.`,
    evidence: seen,
  };
}

/** Requests with ids that no registration of the log gave. */
function* judgeRequests(story: Story): Generator<Judgement> {
  const issued = new Set(story.registrations.filter(({ source }) => source !== 'cimd').map(({ clientId }) => clientId));
  const unread = new Set(
    story.registrations
      .filter(({ source, clientId }) => source !== 'cimd' && clientId === null)
      .map(({ issuer }) => issuerKey(issuer)),
  );
  const known = new Set<string>();
  for (const { authorization, server } of story.grants) {
    const clientId = authorization?.request.clientId ?? null;
    if (!authorization || !server || clientId === null || issued.has(clientId)) continue;
    const key = JSON.stringify([clientId, authorization.issuer, server.url]);
    if (known.has(key)) continue;
    known.add(key);
    const judgement = judgeRequest(story, authorization, server, unread.has(issuerKey(authorization.issuer)));
    if (judgement) yield judgement;
  }
}

function judgeRequest(story: Story, authorization: Authorization, server: Server, unread: boolean): Judgement | null {
  const document = documentAt(story, authorization.issuer, authorization.exchange.sent);
  if (document?.metadata.clientIdMetadataDocumentSupported !== true) return null;
  const subject = server.url;
  const seen = [parameterOf(authorization, 'client_id'), documentSupport(document)];
  if (isUrlClientId(authorization.request.clientId)) {
    return {
      kind: 'pass',
      subject,
      message: 'The client is known by the URL of its client ID metadata document.',
      evidence: seen,
    };
  }
  if (unread) {
    const message =
      'Whether the client registered for this id cannot be told: the answer to a registration is not in the log.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['registration-response'] };
  }
  const message = 'The client_id is from before this log: pre-registered, or registered in an earlier session.';
  return { kind: 'notApplicable', subject, message, evidence: seen };
}
