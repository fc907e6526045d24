import { includesAll, minus } from '../../protocol/scope.ts';
import { heldScopes } from '../../story/held-scopes.ts';
import type { Grant, Server, TokenExchange } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present, scopeOf, tokenAnswerOf, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { OFFLINE_ACCESS } from '../shared/scopes/offline-access.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 6749 section 6: a refresh must not ask for scopes that the grant does not hold. */
export const rule = defineRule({
  id: 'refresh-scope-within-grant',
  title: 'Refresh asks for scopes outside the grant',
  party: 'client',
  level: 'error',
  since: null,
  spec: [rfc(6749, '6'), mcp('2026-07-28', 'refresh-tokens'), mcp('2025-11-25', 'step-up-authorization-flow')],
  fix: 'Leave scope out of the refresh request, or send only scopes that were granted.',
  *judge(story) {
    for (const grant of story.grants) {
      if (!grant.server) continue;
      for (const refresh of grant.refreshes) yield judge(grant, grant.server, refresh);
    }
  },
});

function judge(grant: Grant, server: Server, refresh: TokenExchange): Judgement {
  const subject = server.url;
  const { scope, scopeRange, format } = refresh.request;
  if (scope === null) {
    return {
      kind: 'pass',
      subject,
      message: 'The refresh asks for no scope: it keeps those of the grant.',
      evidence: [tokenRequestOf(refresh)],
    };
  }
  const asked = evidence(
    refresh.exchange,
    'request.postData',
    `scope=${scope.join(' ')}`,
    format === 'form' ? scopeRange : null,
  );
  const held = allowedTo(grant);
  if (held === null) {
    const message = `The refresh asks for ${scopes(scope)}; what was granted before is not in the log.`;
    return { kind: 'open', subject, message, evidence: [asked], missing: ['token-response'] };
  }
  if (includesAll(held, scope))
    return { kind: 'pass', subject, message: 'The refresh asks only for scopes of the grant.', evidence: [asked] };
  const beyond = minus(scope, held);
  return {
    kind: 'fail',
    subject,
    message: `The refresh asks for ${scopes(beyond)}, which was never granted.`,
    evidence: present([
      asked,
      grant.token ? tokenAnswerOf(grant.token) : null,
      grant.authorization ? scopeOf(grant.authorization) : null,
    ]),
  };
}

/** The grant's scopes; `offline_access` counts as granted when it was asked for and a refresh token came. */
function allowedTo(grant: Grant): readonly string[] | null {
  const held = heldScopes(grant, null) ?? grant.requested;
  if (held === null) return null;
  const offline = grant.requested?.includes(OFFLINE_ACCESS) && grant.refreshToken !== false;
  return offline ? [...held, OFFLINE_ACCESS] : held;
}
