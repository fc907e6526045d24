import { isPutOff } from '../../story/answers.ts';
import { isUnreadable } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { methodsOf } from '../shared/token-endpoint/client-authentication.ts';
import { memberOf } from '../shared/token-endpoint/token-answers.ts';
import { type BoundExchange, tokenExchanges } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 6749 section 5.2: the status that goes with each error of the token endpoint. */
export const rule = defineRule({
  id: 'token-error-status',
  title: 'Token error with the wrong HTTP status',
  party: 'authorization-server',
  level: 'warning',
  since: null,
  spec: [rfc(6749, '5.2'), mcp('2026-07-28', 'overview'), mcp('2025-11-25', 'overview')],
  fix: 'Answer errors with status 400 and JSON, and invalid_client with 401 where the client used the Authorization header.',
  *judge(story) {
    for (const bound of tokenExchanges(story)) {
      const judgement = judge(bound);
      if (judgement) yield judgement;
    }
  },
});

/** The errors that RFC 6749 section 5.2 answers with 400; `invalid_client` may be 401. Others have rules of their own. */
const BAD_REQUEST = new Set([
  'invalid_request',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

function judge({ by, server }: BoundExchange): Judgement | null {
  const { exchange, response } = by;
  const { status, body } = exchange.response;
  const subject = server.url;
  const error = response?.error ?? null;
  if (error === null) {
    if (status < 400 || status >= 500 || isPutOff(status) || !isUnreadable(body)) return null;
    const shown = evidence(exchange, 'response.status', `${status}, body not recorded`);
    return {
      kind: 'open',
      subject,
      message: 'The token request was refused, and the recording does not hold the error.',
      evidence: [shown],
      missing: ['token-response'],
    };
  }
  const wanted = wantedStatus(error, methodsOf(by).includes('client_secret_basic'), status);
  if (wanted === null) return null;
  const seen = [evidence(exchange, 'response.status', String(status)), memberOf(by, 'error', `error=${error}`)];
  if (wanted === status)
    return {
      kind: 'pass',
      subject,
      message: `The authorization server answers ${error} with ${status}.`,
      evidence: seen,
    };
  return {
    kind: 'fail',
    subject,
    message: `The authorization server answers ${error} with HTTP status ${status} in place of ${wanted}.`,
    evidence: seen,
  };
}

/** The status that the error should have; null where RFC 6749 does not say. */
function wantedStatus(error: string, basic: boolean, status: number): number | null {
  // The server or a gateway was overrun or broken: the body is beside the point.
  if (status === 429 || status === 503) return null;
  if (error === 'invalid_client') return basic ? 401 : status === 401 ? 401 : 400;
  if (BAD_REQUEST.has(error)) return 400;
  return status >= 200 && status < 300 ? 400 : null;
}
