import type { Grant, Registration, Server } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { present } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { short } from '../shared/evidence/short.ts';
import { documentFaults } from '../shared/registration/client-document.ts';
import { acceptanceOf, clientErrorOf } from '../shared/registration/client-verdict.ts';
import { registeredAs } from '../shared/registration/redirect-uri.ts';
import { answeredMember } from '../shared/registration/registration.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp } from '../shared/spec/links.ts';
import { clientDocument, REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** An authorization server takes no client at its word whose document says otherwise. */
export const rule = defineRule({
  id: 'as-cimd-validated',
  title: 'Authorization server accepted an invalid client ID metadata document',
  party: 'authorization-server',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'implementation-requirements', REGISTRATION_PAGE),
    mcp('2025-11-25', 'implementation-requirements'),
    clientDocument('4'),
  ],
  fix: "Compare the document's client_id with its URL and the redirect_uri with its redirect_uris before a code is issued.",
  *judge(story) {
    const documents = story.registrations.filter(({ source }) => source === 'cimd');
    for (const { server, grants, registration } of story.chains) {
      if (!server || registration?.source !== 'cimd') continue;
      const versions = documents
        .filter(({ clientId }) => clientId === registration.clientId)
        .map(({ exchange }) => exchange.response.body.text);
      for (const grant of grants) {
        const judgement = judge(grant, server, registration, new Set(versions).size > 1);
        if (judgement) yield judgement;
      }
    }
  },
});

/** null where the document gives the authorization server nothing to refuse. */
function judge(grant: Grant, server: Server, document: Registration, changed: boolean): Judgement | null {
  const { authorization } = grant;
  if (!authorization) return null;
  const subject = server.url;
  const faults = invalidities(grant, document);
  if (faults.length === 0) return null;
  const why = faults.map(({ says }) => says).join(' and ');
  const shown = faults.map((fault) => fault.shown);
  const accepted = acceptanceOf(grant);
  const refused = clientErrorOf(grant);
  if (refused)
    return {
      kind: 'pass',
      subject,
      message: `The authorization server refused the client, whose document ${why}.`,
      evidence: [refused, ...shown],
    };
  const code = grant.callback?.response.code ?? null;
  if (!accepted || (code === null && grant.token === null)) {
    const message = `The client ID metadata document ${why}; what the authorization server made of it is not in the log.`;
    return {
      kind: 'open',
      subject,
      message,
      evidence: [parameterOf(authorization, 'client_id'), ...shown],
      missing: ['authorization-response'],
    };
  }
  if (changed) {
    const message =
      'The client ID metadata document changed during the log; the authorization server may still have had another version.';
    return { kind: 'open', subject, message, evidence: [accepted, ...shown], missing: ['client-id-metadata-document'] };
  }
  return {
    kind: 'fail',
    level: levelSince(server, '2025-11-25', 'error'),
    subject,
    message: `The authorization server issued a code to a client whose client ID metadata document ${why}${sinceWords(server, '2025-11-25')}.`,
    evidence: present([accepted, ...shown, parameterOf(authorization, 'client_id')]),
  };
}

function invalidities(
  { authorization }: Grant,
  document: Registration,
): { readonly says: string; readonly shown: Evidence }[] {
  const faults: { readonly says: string; readonly shown: Evidence }[] = documentFaults(document).filter(
    ({ kind }) => kind !== 'secret',
  );
  const uri = authorization?.request.redirectUri ?? null;
  const listed = document.response?.redirectUris ?? null;
  if (uri === null || listed === null || registeredAs(uri, listed) !== 'no') return faults;
  return [
    ...faults,
    { says: `does not list the redirect URI ${short(uri)}`, shown: answeredMember(document, 'redirect_uris') },
  ];
}
