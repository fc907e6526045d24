import { arrayMember, member } from '../../protocol/json.ts';
import { endpointOf } from '../../protocol/url.ts';
import type { Server, ServerMetadata } from '../../story/model.ts';
import { metadataDocuments } from '../../story/resource-documents.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { unseenMetadata } from '../shared/discovery/unseen-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** MCP asks for at least one authorization server, which RFC 9728 leaves optional. */
export const rule = defineRule({
  id: 'prm-authorization-servers',
  title: 'The protected resource metadata names no authorization server',
  party: 'server',
  level: 'error',
  since: '2025-06-18',
  spec: [
    mcp('2026-07-28', 'authorization-server-location', 'authorization-server-discovery'),
    mcp('2025-11-25', 'authorization-server-location'),
    mcp('2025-06-18', 'authorization-server-location'),
    rfc(9728, '2'),
  ],
  fix: "Add the issuer identifier of at least one authorization server to the metadata's authorization_servers.",
  *judge(story) {
    for (const server of story.servers) {
      for (const document of metadataDocuments(server)) yield judge(server, document);
      const unseen = unseenMetadata(story, server);
      if (unseen) yield unseen;
    }
  },
});

function judge(server: Server, { exchange, metadata }: ServerMetadata): Judgement {
  const { authorizationServers, raw } = metadata;
  const judged = { subject: server.url, occasion: endpointOf(exchange.url) };
  const shown = (note: string) => [memberOf(exchange, 'authorization_servers', note)];
  if (authorizationServers.length > 0) {
    const list = quoted(authorizationServers.join(' '));
    return {
      ...judged,
      kind: 'pass',
      message: `The protected resource metadata names ${list}.`,
      evidence: shown(list),
    };
  }
  const how =
    member(raw, 'authorization_servers') === undefined
      ? 'has no authorization_servers'
      : arrayMember(raw, 'authorization_servers') === null
        ? 'has authorization_servers that are no array'
        : 'has authorization_servers without any issuer';
  const seen = shown(how);
  if (server.revision === '2025-03-26') {
    return {
      ...judged,
      kind: 'notApplicable',
      message: 'MCP 2025-03-26 has no protected resource metadata.',
      evidence: seen,
    };
  }
  return {
    ...judged,
    kind: 'fail',
    message: `The protected resource metadata ${how}, so no client can tell where to sign in.`,
    evidence: seen,
  };
}
