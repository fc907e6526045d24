import { hasVerifierForm } from '../../protocol/pkce.ts';
import type { TokenExchange } from '../../story/model.ts';
import { challengeMadeBy } from '../../story/pkce.ts';
import { hasLostSecrets, isWhole } from '../../story/recorded.ts';
import type { Missing } from '../missing.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { fieldOf, parameterOf } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type BoundExchange, codeExchanges, requestBehind } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 7636 section 4.6: the verifier of the code exchange makes the challenge of the request that yielded the code. */
export const rule = defineRule({
  id: 'pkce-verifier-matches-challenge',
  title: 'code_verifier does not match code_challenge',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'authorization-code-protection', 'security-considerations'),
    mcp('2025-11-25', 'authorization-code-protection'),
    mcp('2025-06-18', 'authorization-code-protection'),
    mcp('2025-03-26', 'implementation-requirements'),
    rfc(7636, '4.6'),
  ],
  fix: 'Keep one code_verifier for each authorization request, and send the one that belongs to the code.',
  *judge(story) {
    for (const bound of codeExchanges(story)) {
      const judgement = judge(bound);
      if (judgement) yield judgement;
    }
  },
});

function judge({ by, grant, server }: BoundExchange): Judgement | null {
  const subject = server.url;
  const verifier = by.request.codeVerifier;
  const open = (message: string, missing: Missing): Judgement => ({
    kind: 'open',
    subject,
    message,
    evidence: [fieldOf(by, 'code_verifier', 'code_verifier')],
    missing: [missing],
  });
  if (!verifier) {
    if (!isWhole(by) || hasLostSecrets(by))
      return open('The recording does not hold the whole code exchange.', 'request-body');
    const shown = fieldOf(by, 'code_verifier', 'no code_verifier');
    const message = 'The code exchange has no code_verifier, so nothing matches a code_challenge.';
    return { kind: 'fail', subject, message, evidence: [shown] };
  }
  const authorization = requestBehind(grant, by);
  if (!authorization) {
    return open('The authorization request that yielded the code was not recorded.', 'authorization-request');
  }
  const challenge = authorization.request.codeChallenge;
  // A request without a challenge is another rule's matter.
  if (!challenge) return null;
  const plain = authorization.request.codeChallengeMethod === 'plain' && challenge === verifier;
  const seen = [
    fieldOf(by, 'code_verifier', 'code_verifier'),
    parameterOf(
      authorization,
      'code_challenge',
      `code_challenge, method ${authorization.request.codeChallengeMethod ?? 'not given'}`,
    ),
  ];
  if (plain || challengeMadeBy(by.request) === challenge) {
    return { kind: 'pass', subject, message: 'The code_verifier matches the code_challenge.', evidence: seen };
  }
  if (!hasVerifierForm(verifier) || !hasVerifierForm(challenge))
    return open('The recording does not hold the code_verifier or the code_challenge as sent.', 'code-verifier');
  return {
    kind: 'fail',
    subject,
    message: `The code_verifier does not match the code_challenge of the sign-in that yielded the code${answered(by)}.`,
    evidence: seen,
  };
}

function answered({ response }: TokenExchange): string {
  return response?.error ? `; the authorization server answered ${response.error}` : '';
}
