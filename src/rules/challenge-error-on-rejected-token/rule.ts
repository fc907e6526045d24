import { challengeText } from '../../story/answers.ts';
import { isFromGateway } from '../../story/gateways.ts';
import { knowsHeaders } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { withoutHeaders } from '../shared/challenges/without-headers.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** A client told that its token is no good refreshes it; one told nothing can only guess. */
export const rule = defineRule({
  id: 'challenge-error-on-rejected-token',
  title: 'Token rejected without an error code',
  party: 'server',
  level: 'warning',
  since: null,
  spec: [rfc(6750, '3.1'), mcp('2026-07-28', 'token-handling')],
  fix: 'Add error="invalid_token" to the challenge when a token was sent and rejected.',
  *judge(story) {
    for (const server of story.servers) {
      for (const call of server.refused) {
        const { challenge, exchange, credential } = call;
        if (call.status !== 401 || credential === null || credential === '') continue;
        const occasion = `${operationName(call)} ${challengeText(exchange)}`;
        if (!challenge) {
          if (!knowsHeaders(exchange) && !isFromGateway(exchange)) yield { ...withoutHeaders(server, call), occasion };
          continue;
        }
        if (isFromGateway(exchange)) continue;
        const judged: Pick<Judgement, 'subject' | 'occasion'> = { subject: server.url, occasion };
        const part = 'response.headers.www-authenticate';
        if (challenge.error !== null) {
          const seen = evidence(exchange, part, `401 ${challenge.error}`, challenge.errorRange);
          yield {
            ...judged,
            kind: 'pass',
            message: `The challenge says error="${challenge.error}".`,
            evidence: [seen],
          };
          continue;
        }
        const message = `The server rejected the token of ${operationName(call)} and did not say that the token was the reason.`;
        const seen = evidence(exchange, part, `401, ${challenge.scheme} without error`, challenge.challenge.range);
        yield { ...judged, kind: 'fail', message, evidence: [seen] };
      }
    }
  },
});
