import { parseScope } from '../../protocol/scope.ts';
import type { Story } from '../../story/model.ts';
import { isPlaintext } from '../../story/plaintext.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Asked, judgeRequests } from '../shared/authorization/authorization-requests.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';

/** RFC 7636 section 4.2: S256 is mandatory for whoever can compute it; without `code_challenge_method` it is `plain` (section 4.3). */
export const rule = defineRule({
  id: 'pkce-s256-method-used',
  title: 'PKCE without S256',
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'authorization-code-protection', 'security-considerations'),
    mcp('2025-11-25', 'authorization-code-protection'),
    rfc(7636, '4.2'),
    oauth21('4.1.1'),
  ],
  fix: 'Send code_challenge_method=S256 with the SHA-256 of the code_verifier.',
  judge: (story) => judgeRequests(story, (asked) => judge(story, asked)),
});

function judge(story: Story, { grant, server, authorization, request }: Asked): Judgement | null {
  if (request.responseType !== null && !parseScope(request.responseType).includes('code')) return null;
  const subject = server.url;
  const method = request.codeChallengeMethod;
  if (method === 'S256' && request.codeChallenge)
    return {
      kind: 'pass',
      subject,
      message: 'PKCE is used with S256.',
      evidence: [parameterOf(authorization, 'code_challenge_method', 'S256')],
    };
  const used = !request.codeChallenge
    ? 'There is no PKCE, so no S256 either'
    : method === null
      ? 'The authorization request has no code_challenge_method, which means plain: the code_challenge is the code_verifier itself'
      : `The authorization request uses code_challenge_method=${method} in place of S256`;
  // Web Cryptography is there in secure contexts only: https and loopback.
  const insecure = request.redirectUri !== null && isPlaintext(request.redirectUri);
  const refusing = plainOnly(story, grant.issuer);
  const level = levelSince(server, '2025-11-25', insecure ? 'warning' : 'error');
  const why = insecure ? '; in a page without https the browser offers no SHA-256' : '';
  const listed = refusing ? '; the authorization server lists no S256 either' : '';
  const seen = method
    ? parameterOf(authorization, 'code_challenge_method', `code_challenge_method=${method}`)
    : evidence(authorization.exchange, 'request.url', 'no code_challenge_method');
  return {
    kind: 'fail',
    level,
    subject,
    message: `${used}${why}${listed}${sinceWords(server, '2025-11-25')}.`,
    evidence: refusing ? [seen, refusing] : [seen],
  };
}

function plainOnly(story: Story, issuer: string): Evidence | null {
  const document = story.authorizationServers.find((known) => known.issuer === issuer)?.metadata.at(-1);
  const methods = document?.metadata.codeChallengeMethodsSupported ?? null;
  if (!document || methods === null || methods.includes('S256')) return null;
  return evidence(document.exchange, 'response.content', `code_challenge_methods_supported: ${methods.join(' ')}`);
}
