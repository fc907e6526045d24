import { parseScope } from '../../protocol/scope.ts';
import type { Story } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Asked, judgeRequests } from '../shared/authorization/authorization-requests.ts';
import { responseParameter } from '../shared/authorization/authorization-responses.ts';
import { present, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** OAuth 2.1 has neither the implicit nor the password grant (RFC 9700 sections 2.1.2 and 2.4). */
export const rule = defineRule({
  id: 'oauth21-forbidden-flow',
  title: 'Implicit or password grant',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [mcp('2026-07-28', 'overview'), rfc(9700, '2.1.2'), rfc(9700, '2.4')],
  fix: 'Use the authorization code grant with PKCE.',
  *judge(story) {
    yield* judgeRequests(story, judge);
    yield* passwords(story);
  },
});

function judge({ grant, server, authorization, request }: Asked): Judgement | null {
  if (request.responseType === null) return null;
  const types = parseScope(request.responseType);
  const asked = parameterOf(authorization, 'response_type', `response_type=${request.responseType}`);
  const subject = server.url;
  const { callback } = grant;
  const inFront = callback?.response.accessToken
    ? responseParameter(callback, 'access_token', 'access_token in the redirect')
    : null;
  if (types.includes('token')) {
    const message = `The client asked for response_type=${request.responseType}: the implicit grant, which OAuth 2.1 has removed.`;
    return { kind: 'fail', subject, message, evidence: present([asked, inFront]) };
  }
  if (inFront) {
    const message =
      'The authorization server put an access token into the redirect, though the client had asked for none there.';
    return {
      kind: 'fail',
      party: 'authorization-server',
      subject,
      message,
      evidence: [inFront, asked],
      fix: 'Issue access tokens at the token endpoint only.',
    };
  }
  if (types.includes('code') && types.includes('id_token')) {
    const message =
      'The client asked for response_type=code id_token: a hybrid flow, which puts an ID token into the redirect and which OAuth 2.1 does not describe.';
    return { kind: 'fail', level: 'note', subject, message, evidence: [asked] };
  }
  return { kind: 'pass', subject, message: 'No access token was asked for in the redirect.', evidence: [asked] };
}

/** RFC 6749 section 4.3. */
function* passwords(story: Story): Generator<Judgement> {
  for (const { server, token } of story.grants) {
    if (!server || token?.request.grantType !== 'password') continue;
    const message =
      "The client sent the user's password to the token endpoint: the password grant, which OAuth 2.1 has removed.";
    yield { kind: 'fail', subject: server.url, message, evidence: [tokenRequestOf(token)] };
  }
}
