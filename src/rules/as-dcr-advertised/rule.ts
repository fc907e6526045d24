import { endpointOf } from '../../protocol/url.ts';
import { type IssuerDocument, issuerDocuments } from '../../story/issuer-documents.ts';
import { holdsFor } from '../../story/revisions.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { unseenIssuerMetadata } from '../shared/discovery/unseen-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** Before client ID metadata documents, dynamic registration was what a client unknown to the server should find. */
export const rule = defineRule({
  id: 'as-dcr-advertised',
  title: 'The authorization server offers no client registration',
  party: 'authorization-server',
  level: 'warning',
  since: '2025-03-26',
  spec: [
    mcp('2025-06-18', 'dynamic-client-registration'),
    mcp('2025-03-26', 'dynamic-client-registration'),
    rfc(7591, '3'),
  ],
  fix: 'Offer dynamic client registration (RFC 7591), or tell developers how to register by hand.',
  *judge(story) {
    for (const known of issuerDocuments(story)) yield judge(known);
    for (const server of story.servers) {
      const unseen = holdsFor(server, '2025-11-25') ? null : unseenIssuerMetadata(story, server);
      if (unseen) yield unseen;
    }
  },
});

function judge({ server, document: { exchange, metadata } }: IssuerDocument): Judgement {
  const endpoint = metadata.registrationEndpoint;
  const judged = {
    subject: server.url,
    evidence: [memberOf(exchange, 'registration_endpoint', `registration_endpoint: ${endpoint ?? 'not given'}`)],
    occasion: endpointOf(exchange.url),
  };
  if (holdsFor(server, '2025-11-25')) {
    return { ...judged, kind: 'notApplicable', message: 'From 2025-11-25 on dynamic client registration is optional.' };
  }
  if (endpoint !== null)
    return { ...judged, kind: 'pass', message: `${quoted(metadata.issuer)} offers client registration.` };
  const message = `${quoted(metadata.issuer)} has no registration endpoint, so a client that it does not know cannot sign in.`;
  return { ...judged, kind: 'fail', message };
}
