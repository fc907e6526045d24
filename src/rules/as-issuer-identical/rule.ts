import { endpointOf } from '../../protocol/url.ts';
import { type IssuerDocument, issuerDocuments } from '../../story/issuer-documents.ts';
import type { Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { matchIdentifier } from '../shared/discovery/issuer-identity.ts';
import { unseenIssuerMetadata } from '../shared/discovery/unseen-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { OIDC_DISCOVERY_VALIDATION } from '../shared/spec/discovery-links.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 8414 section 3.3: `issuer` is the identifier that the well-known URL was made of, character by character. */
export const rule = defineRule({
  id: 'as-issuer-identical',
  title: "The metadata's issuer is not the identifier that led to it",
  party: 'authorization-server',
  level: 'error',
  since: '2025-06-18',
  spec: [
    rfc(8414, '3.3'),
    OIDC_DISCOVERY_VALIDATION,
    mcp('2026-07-28', 'authorization-server-metadata-discovery', 'authorization-server-discovery'),
    mcp('2025-11-25', 'authorization-server-metadata-discovery'),
    mcp('2025-06-18', 'server-metadata-discovery'),
  ],
  fix: "Publish the same issuer in the protected resource metadata and in the authorization server's own.",
  *judge(story) {
    yield* documents(story);
    for (const server of story.servers) {
      const unseen = server.issuers.length > 0 ? unseenIssuerMetadata(story, server) : null;
      if (unseen) yield unseen;
    }
  },
});

function* documents(story: Story): Generator<Judgement> {
  const all = issuerDocuments(story);
  const exact = new Set(all.flatMap((known) => (matchIdentifier(known) === 'identical' ? [known.document] : [])));
  for (const known of all) {
    const match = matchIdentifier(known);
    // Another entry that is spelt right led to the same document.
    if (!known.named || (match === 'slash' && exact.has(known.document))) continue;
    yield judge(known, match);
  }
}

function judge(known: IssuerDocument, match: ReturnType<typeof matchIdentifier>): Judgement {
  const { server, identifier, named, document } = known;
  const { issuer } = document.metadata;
  const seen = [memberOf(document.exchange, 'issuer', `issuer: ${issuer}`)];
  if (named) seen.push(memberOf(named.exchange, 'authorization_servers', identifier));
  const judged = {
    subject: server.url,
    evidence: seen,
    occasion: `${endpointOf(document.exchange.url)} ${identifier}`,
  };
  if (match === 'identical')
    return { ...judged, kind: 'pass', message: `The metadata's issuer is ${quoted(issuer)}, as named.` };
  const difference = `The MCP server names ${quoted(identifier)}, and the metadata there says its issuer is ${quoted(issuer)}`;
  if (match === 'template') {
    return {
      ...judged,
      kind: 'informational',
      message: `${difference}, with a placeholder for the tenant: strict clients refuse it.`,
    };
  }
  const full = match === 'slash' ? 'warning' : 'error';
  const how = match === 'slash' ? ': only the slash at the end differs, which some clients tolerate' : '';
  const message = `${difference}${how}${sinceWords(server, '2025-06-18')}.`;
  return { ...judged, kind: 'fail', level: levelSince(server, '2025-06-18', full), message };
}
