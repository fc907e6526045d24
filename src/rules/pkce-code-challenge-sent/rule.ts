import { parseScope } from '../../protocol/scope.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Asked, judgeRequests } from '../shared/authorization/authorization-requests.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 7636 section 4.3; REQUIRED of every MCP client. */
export const rule = defineRule({
  id: 'pkce-code-challenge-sent',
  title: 'The authorization request has no code_challenge',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'authorization-code-protection', 'security-considerations'),
    mcp('2025-03-26', 'implementation-requirements'),
    rfc(7636, '4.3'),
  ],
  fix: 'Make a fresh code_verifier for every authorization request and send its S256 code_challenge.',
  judge: (story) => judgeRequests(story, judge),
});

function judge({ server, authorization, request }: Asked): Judgement | null {
  // Without a code there is nothing to protect: another rule's matter.
  if (request.responseType !== null && !parseScope(request.responseType).includes('code')) return null;
  const subject = server.url;
  if (request.codeChallenge)
    return {
      kind: 'pass',
      subject,
      message: 'The authorization request is protected by PKCE.',
      evidence: [evidence(authorization.exchange, 'request.url', 'code_challenge')],
    };
  const message = 'The authorization request has no code_challenge: whoever gets hold of the code can redeem it.';
  return {
    kind: 'fail',
    subject,
    message,
    evidence: [evidence(authorization.exchange, 'request.url', 'no code_challenge')],
  };
}
