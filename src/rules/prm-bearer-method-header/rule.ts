import { endpointOf } from '../../protocol/url.ts';
import type { Server, ServerMetadata } from '../../story/model.ts';
import { metadataDocuments } from '../../story/resource-documents.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { unseenMetadata } from '../shared/discovery/unseen-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** MCP clients send the token in the Authorization header: metadata that leaves `header` out turns them away. */
export const rule = defineRule({
  id: 'prm-bearer-method-header',
  title: 'The protected resource metadata rules out the Authorization header',
  party: 'server',
  level: 'warning',
  since: '2025-06-18',
  spec: [
    mcp('2026-07-28', 'token-requirements'),
    mcp('2025-11-25', 'token-requirements'),
    mcp('2025-06-18', 'token-requirements'),
    rfc(9728, '2'),
  ],
  fix: 'Put "header" into bearer_methods_supported, or leave the member out.',
  *judge(story) {
    for (const server of story.servers) {
      for (const document of metadataDocuments(server)) yield judge(server, document);
      const unseen = unseenMetadata(story, server);
      if (unseen) yield unseen;
    }
  },
});

function judge(server: Server, { exchange, metadata }: ServerMetadata): Judgement {
  const methods = metadata.bearerMethodsSupported;
  const judged = { subject: server.url, occasion: endpointOf(exchange.url) };
  const list = methods === null ? 'not given' : quoted(methods.join(' '));
  const seen = [memberOf(exchange, 'bearer_methods_supported', `bearer_methods_supported: ${list}`)];
  if (methods === null || methods.includes('header')) {
    return {
      ...judged,
      kind: 'pass',
      message: 'The metadata allows tokens in the Authorization header.',
      evidence: seen,
    };
  }
  const level = methods.length === 0 ? 'note' : levelSince(server, '2025-06-18', 'warning');
  const what =
    methods.length === 0 ? 'that it takes no bearer token at all' : `that it takes bearer tokens by ${list} only`;
  const message = `The protected resource metadata says ${what}, and MCP clients must send theirs in the Authorization header${sinceWords(server, '2025-06-18')}.`;
  return { ...judged, kind: 'fail', level, message, evidence: seen };
}
