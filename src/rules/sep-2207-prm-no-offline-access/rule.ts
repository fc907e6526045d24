import { defineRule } from '../rule.ts';
import { unseenMetadata } from '../shared/discovery/unseen-metadata.ts';
import { evidence, rangeOfText } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { OFFLINE_ACCESS } from '../shared/scopes/offline-access.ts';
import { mcp, OIDC_OFFLINE_ACCESS, rfc } from '../shared/spec/links.ts';

export const rule = defineRule({
  id: 'sep-2207-prm-no-offline-access',
  title: 'offline_access in the protected resource metadata',
  party: 'server',
  level: 'warning',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'refresh-tokens'), rfc(9728, '2'), OIDC_OFFLINE_ACCESS],
  fix: "Move offline_access from the protected resource metadata to the authorization server's scopes_supported.",
  *judge(story) {
    for (const server of story.servers) {
      for (const { exchange, metadata } of server.metadata) {
        const supported = metadata.scopesSupported;
        if (supported === null) continue;
        const listed = supported.includes(OFFLINE_ACCESS);
        const shown = evidence(
          exchange,
          'response.content',
          `scopes_supported: ${supported.join(' ')}`,
          rangeOfText(exchange.response.body.text, listed ? `"${OFFLINE_ACCESS}"` : '"scopes_supported"'),
        );
        const judged = { subject: server.url, evidence: [shown], occasion: exchange.url };
        if (!listed)
          yield {
            ...judged,
            kind: 'pass',
            message: 'The protected resource metadata lists only scopes of the resource.',
          };
        else {
          const message = `The protected resource metadata lists offline_access, which is no scope of the resource${sinceWords(server, '2026-07-28')}.`;
          yield { ...judged, kind: 'fail', level: levelSince(server, '2026-07-28', 'warning', false), message };
        }
      }
      const unseen = unseenMetadata(story, server);
      if (unseen) yield unseen;
    }
  },
});
