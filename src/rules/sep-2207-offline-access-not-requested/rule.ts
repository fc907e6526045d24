import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present, scopeOf } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { type OfflineAccess, offlineAccess } from '../shared/scopes/offline-access.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** rules.md A.1.3, the rows that speak of `not-requested`; first match wins. */
export const rule = defineRule({
  id: 'sep-2207-offline-access-not-requested',
  title: 'offline_access requested although the authorization server does not list it',
  party: 'client',
  level: 'warning',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'refresh-tokens'), rfc(6749, '4.1.2.1')],
  fix: "Request offline_access only when the authorization server's scopes_supported contains it.",
  *judge(story) {
    for (const access of offlineAccess(story)) {
      const judgement = judge(access);
      if (judgement) yield judgement;
    }
  },
});

function judge(access: OfflineAccess): Judgement | null {
  const { grant, server, advertised, requested, issued } = access;
  const { authorization } = grant;
  if (!authorization || requested === 'unknown') return null;
  const subject = server.url;
  const asked = [scopeOf(authorization)];
  if (requested === 'no') {
    return { kind: 'pass', subject, message: 'offline_access was not requested.', evidence: asked };
  }
  if (advertised === 'yes') {
    return { kind: 'pass', subject, message: 'The authorization server lists offline_access.', evidence: asked };
  }
  const refused = refusal(access);
  if (advertised === 'unknown' || advertised === 'unlisted') {
    if (issued === 'yes') return { kind: 'pass', subject, message: 'A refresh token was issued.', evidence: asked };
    if (refused && advertised === 'unlisted') {
      const message = `The authorization server publishes no scopes, offline_access was requested, and it answered invalid_scope${sinceWords(server, '2026-07-28')}.`;
      return { kind: 'fail', level: 'warning', subject, message, evidence: [...asked, refused] };
    }
    const missing = advertised === 'unknown' ? 'authorization-server-metadata' : 'scopes-supported';
    return {
      kind: 'open',
      subject,
      message: 'It is not in the log whether the authorization server lists offline_access.',
      evidence: asked,
      missing: [missing],
    };
  }
  if (access.source === 'server') {
    const message = 'The MCP server itself named offline_access, and the client did as told.';
    return { kind: 'notApplicable', subject, message, evidence: asked };
  }
  const listed = access.document
    ? evidence(
        access.document.exchange,
        'response.content',
        `scopes_supported: ${(access.document.metadata.scopesSupported ?? []).join(' ')}`,
      )
    : null;
  if (issued === 'yes') {
    const message = `The authorization server issues refresh tokens for offline_access and does not list it in scopes_supported${sinceWords(server, '2026-07-28')}.`;
    return {
      kind: 'fail',
      level: 'note',
      party: 'authorization-server',
      subject,
      message,
      evidence: present([listed, ...asked]),
      fix: 'List offline_access in scopes_supported.',
    };
  }
  const level = levelSince(server, '2026-07-28', 'warning', refused !== null);
  const consequence = refused ? ', and the authorization server answered invalid_scope' : '';
  return {
    kind: 'fail',
    level,
    subject,
    message: `The client requested offline_access, which the authorization server does not list in scopes_supported${consequence}${sinceWords(server, '2026-07-28')}.`,
    evidence: present([...asked, listed, refused]),
  };
}

function refusal({ grant: { callback } }: OfflineAccess) {
  if (callback?.response.error !== 'invalid_scope') return null;
  return evidence(callback.exchange, callback.part, 'error=invalid_scope');
}
