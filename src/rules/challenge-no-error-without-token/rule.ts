import { presented } from '../../story/presented.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { operationName } from '../shared/evidence/operation-name.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** Whoever sent no credential made no error yet. */
export const rule = defineRule({
  id: 'challenge-no-error-without-token',
  title: 'An error code although no token was sent',
  party: 'server',
  level: 'warning',
  since: null,
  spec: [rfc(6750, '3.1'), mcp('2026-07-28', 'token-requirements')],
  fix: 'Leave error and error_description out of the challenge when the request carried no token.',
  *judge(story) {
    for (const server of story.servers) {
      for (const call of server.refused) {
        const { challenge, exchange } = call;
        if (call.status !== 401 || !challenge || call.credential !== null) continue;
        const sent = presented(story, call);
        if (sent === 'other' || (sent === 'unknown' && (exchange.envelope || challenge.error === null))) continue;
        const judged: Pick<Judgement, 'subject' | 'evidence' | 'occasion'> = {
          subject: server.url,
          occasion: `${operationName(call)} ${challenge.error}`,
          evidence: [
            evidence(
              exchange,
              'response.headers.www-authenticate',
              challenge.error === null ? '401, no error' : `error="${challenge.error}"`,
              challenge.errorRange,
            ),
          ],
        };
        if (challenge.error === null)
          yield { ...judged, kind: 'pass', message: 'The challenge names no error to a request without a token.' };
        else if (sent === 'unknown') {
          const message = 'The recording does not show whether the request carried a token.';
          yield { ...judged, kind: 'open', message, missing: ['authorization-header'] };
        } else {
          const risk = challenge.error === 'invalid_token' ? ': a client may take it for a dead one' : '';
          const message = `The challenge to ${operationName(call)} says error="${challenge.error}", although the request carried no token${risk}.`;
          yield { ...judged, kind: 'fail', message };
        }
      }
    }
  },
});
