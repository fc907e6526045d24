import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { challengeScopeOf, evidence } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { OFFLINE_ACCESS } from '../shared/scopes/offline-access.ts';
import { mcp, OIDC_OFFLINE_ACCESS } from '../shared/spec/links.ts';

export const rule = defineRule({
  id: 'sep-2207-challenge-no-offline-access',
  title: 'offline_access in a challenge',
  party: 'server',
  level: 'warning',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'refresh-tokens'), OIDC_OFFLINE_ACCESS],
  fix: "Leave offline_access out of the challenge; the authorization server's scopes_supported advertises it.",
  *judge(story) {
    for (const server of story.servers) {
      for (const call of server.refused) {
        const { challenge, exchange, status } = call;
        if (exchange.response.headers.length === 0) {
          const message = 'The refusal was recorded without its headers.';
          yield {
            kind: 'open',
            subject: server.url,
            message,
            evidence: [evidence(exchange, 'response.status', String(status))],
            missing: ['response-headers'],
          };
        }
        if (!challenge?.scope) continue;
        const judged: Pick<Judgement, 'subject' | 'evidence' | 'occasion'> = {
          subject: server.url,
          evidence: [challengeScopeOf(call)],
          occasion: `${status} ${challenge.scopeText}`,
        };
        if (!challenge.scope.includes(OFFLINE_ACCESS)) {
          yield { ...judged, kind: 'pass', message: 'The challenge names only scopes of the resource.' };
          continue;
        }
        const message = `The server's challenge asks for offline_access, which is between the client and the authorization server${sinceWords(server, '2026-07-28')}.`;
        yield { ...judged, kind: 'fail', level: levelSince(server, '2026-07-28', 'warning', false), message };
      }
    }
  },
});
