import { endpointOf } from '../../protocol/url.ts';
import { type IssuerDocument, issuerDocuments } from '../../story/issuer-documents.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { unseenIssuerMetadata } from '../shared/discovery/unseen-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { CIMD_ADVERTISED } from '../shared/spec/discovery-links.ts';
import { mcp } from '../shared/spec/links.ts';

/** Client ID metadata documents let a client sign in where nobody has registered it. */
export const rule = defineRule({
  id: 'authorization-server-metadata-cimd',
  title: 'The authorization server takes no client ID metadata documents',
  party: 'authorization-server',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'advertising-cimd-support', 'client-registration'),
    mcp('2026-07-28', 'overview'),
    mcp('2025-11-25', 'client-id-metadata-documents'),
    mcp('2025-11-25', 'overview'),
    CIMD_ADVERTISED,
  ],
  fix: 'Support client ID metadata documents, and publish "client_id_metadata_document_supported": true.',
  *judge(story) {
    for (const known of issuerDocuments(story)) if (known.named) yield judge(known);
    for (const server of story.servers) {
      const unseen = server.issuers.length > 0 ? unseenIssuerMetadata(story, server) : null;
      if (unseen) yield unseen;
    }
  },
});

function judge({ server, document: { exchange, metadata } }: IssuerDocument): Judgement {
  const supported = metadata.clientIdMetadataDocumentSupported;
  const note = `client_id_metadata_document_supported: ${supported ?? 'not given'}`;
  const judged = {
    subject: server.url,
    evidence: [memberOf(exchange, 'client_id_metadata_document_supported', note)],
    occasion: endpointOf(exchange.url),
  };
  if (supported === true)
    return { ...judged, kind: 'pass', message: `${quoted(metadata.issuer)} takes client ID metadata documents.` };
  const closed = metadata.registrationEndpoint === null;
  const how = closed ? ', nor does it register clients by itself' : '';
  const message = `${quoted(metadata.issuer)} does not say that it takes client ID metadata documents${how}${sinceWords(server, '2025-11-25')}.`;
  return { ...judged, kind: 'fail', level: closed ? 'note' : levelSince(server, '2025-11-25', 'warning'), message };
}
