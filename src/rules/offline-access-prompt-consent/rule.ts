import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present, scopeOf, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { type OfflineAccess, offlineAccess } from '../shared/scopes/offline-access.ts';
import { mcp, OIDC_OFFLINE_ACCESS } from '../shared/spec/links.ts';

/** OIDC Core section 11: without `prompt=consent` an OpenID provider may ignore `offline_access`; judged only by the consequence. */
export const rule = defineRule({
  id: 'offline-access-prompt-consent',
  title: 'offline_access without prompt=consent, and no refresh token came',
  party: 'client',
  level: 'warning',
  since: '2026-07-28',
  spec: [OIDC_OFFLINE_ACCESS, mcp('2026-07-28', 'refresh-tokens')],
  fix: 'Send prompt=consent with the first authorization request that asks for offline_access.',
  *judge(story) {
    for (const access of offlineAccess(story)) {
      const judgement = judge(access);
      if (judgement) yield judgement;
    }
  },
});

function judge(access: OfflineAccess): Judgement | null {
  const { grant, server, requested, issued, isOpenId, promptsConsent, declared } = access;
  const { authorization } = grant;
  if (!authorization || requested !== 'yes') return null;
  const subject = server.url;
  const asked = [scopeOf(authorization)];
  if (promptsConsent)
    return { kind: 'pass', subject, message: 'prompt=consent was sent with offline_access.', evidence: asked };
  if (issued === 'yes')
    return { kind: 'pass', subject, message: 'A refresh token was issued without prompt=consent.', evidence: asked };
  if (!isOpenId || declared === 'no') {
    const message = isOpenId
      ? 'The client did not declare the refresh_token grant.'
      : 'The authorization server is not used as an OpenID provider.';
    return { kind: 'notApplicable', subject, message, evidence: asked };
  }
  if (issued === 'unknown') {
    return {
      kind: 'open',
      subject,
      message: 'The token response was not recorded, so it is unknown whether a refresh token came.',
      evidence: asked,
      missing: ['token-response'],
    };
  }
  return {
    kind: 'fail',
    level: levelSince(server, '2026-07-28', 'warning', access.consequence !== null),
    subject,
    message: `offline_access was requested from an OpenID provider without prompt=consent, and no refresh token came${sinceWords(server, '2026-07-28')}.`,
    evidence: present([
      evidence(authorization.exchange, 'request.url', 'no prompt=consent', authorization.request.scopeRange),
      grant.token ? tokenAnswerOf(grant.token) : null,
    ]),
  };
}
