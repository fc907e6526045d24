import { hasLostSecrets, isWhole } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { fieldOf } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type BoundExchange, codeExchanges } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 7636 section 4.5: the code exchange carries the code verifier. */
export const rule = defineRule({
  id: 'pkce-code-verifier-sent',
  title: 'Code exchange without code_verifier',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'authorization-code-protection', 'security-considerations'),
    mcp('2025-11-25', 'authorization-code-protection'),
    mcp('2025-06-18', 'authorization-code-protection'),
    mcp('2025-03-26', 'implementation-requirements'),
    rfc(7636, '4.5'),
  ],
  fix: 'Send the code_verifier that belongs to the code_challenge of this sign-in.',
  *judge(story) {
    for (const bound of codeExchanges(story)) yield judge(bound);
  },
});

function judge({ by, server }: BoundExchange): Judgement {
  const subject = server.url;
  if (by.request.codeVerifier) {
    const shown = fieldOf(by, 'code_verifier', 'code_verifier');
    return { kind: 'pass', subject, message: 'The code exchange carries a code_verifier.', evidence: [shown] };
  }
  const shown = fieldOf(by, 'code_verifier', 'no code_verifier');
  if (!isWhole(by) || hasLostSecrets(by)) {
    const message = 'The recording does not hold the whole code exchange: whether it had a code_verifier is not known.';
    return { kind: 'open', subject, message, evidence: [shown], missing: ['request-body'] };
  }
  return {
    kind: 'fail',
    subject,
    message: 'The client redeemed the authorization code without a code_verifier (PKCE).',
    evidence: [shown],
  };
}
