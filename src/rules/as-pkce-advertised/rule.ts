import { endpointOf } from '../../protocol/url.ts';
import { type IssuerDocument, issuerDocuments } from '../../story/issuer-documents.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { unseenIssuerMetadata } from '../shared/discovery/unseen-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';

/** MCP clients refuse an authorization server that does not say it supports PKCE. */
export const rule = defineRule({
  id: 'as-pkce-advertised',
  title: 'The metadata does not offer PKCE with S256',
  party: 'authorization-server',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'authorization-code-protection', 'security-considerations'),
    mcp('2025-11-25', 'authorization-code-protection'),
    rfc(8414, '2'),
    oauth21('7.5.2'),
  ],
  fix: 'Publish "code_challenge_methods_supported": ["S256"] in the metadata.',
  *judge(story) {
    for (const known of issuerDocuments(story)) {
      const judgement = judge(known);
      if (judgement) yield judgement;
    }
    for (const server of story.servers) {
      const unseen = unseenIssuerMetadata(story, server);
      if (unseen) yield unseen;
    }
  },
});

function judge({ server, document: { exchange, metadata } }: IssuerDocument): Judgement | null {
  if (metadata.authorizationEndpoint === null) return null;
  const methods = metadata.codeChallengeMethodsSupported;
  const list = methods === null ? 'not given' : quoted(methods.join(' '));
  const seen = [memberOf(exchange, 'code_challenge_methods_supported', `code_challenge_methods_supported: ${list}`)];
  const judged = { subject: server.url, evidence: seen, occasion: endpointOf(exchange.url) };
  if (methods?.includes('S256'))
    return { ...judged, kind: 'pass', message: `${quoted(metadata.issuer)} offers PKCE with S256.` };
  const what =
    methods === null
      ? 'does not say which PKCE methods it supports'
      : `offers PKCE by ${list === '' ? 'no method' : list}, not by S256`;
  const message = `The metadata of ${quoted(metadata.issuer)} ${what}, so MCP clients must refuse to sign in there${sinceWords(server, '2025-11-25')}.`;
  return { ...judged, kind: 'fail', level: levelSince(server, '2025-11-25', 'error'), message };
}
