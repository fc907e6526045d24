import type { Missing } from '../missing.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present, rangeOfText, scopeOf, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { scopes } from '../shared/evidence/words.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { harmOf, harmShown, type OfflineAccess, offlineAccess } from '../shared/scopes/offline-access.ts';
import { mcp, OIDC_OFFLINE_ACCESS } from '../shared/spec/links.ts';

/** rules.md A.1.3, the rows that speak of `requested`; first match wins. */
export const rule = defineRule({
  id: 'sep-2207-offline-access-requested',
  title: 'offline_access not requested although the authorization server offers it',
  party: 'client',
  level: 'note',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'refresh-tokens'), OIDC_OFFLINE_ACCESS],
  fix: 'Add offline_access to the requested scopes when the authorization server lists it in scopes_supported, and register with the refresh_token grant.',
  *judge(story) {
    for (const access of offlineAccess(story)) yield* judge(access);
  },
});

function* judge(access: OfflineAccess): Generator<Judgement> {
  const { grant, server, advertised, requested, wanted, issued, consequence } = access;
  const subject = server.url;
  const asked = askedEvidence(access);
  const decide = (kind: 'pass' | 'notApplicable', message: string): Judgement => ({
    kind,
    subject,
    message,
    evidence: asked,
  });
  const open = (message: string, missing: Missing): Judgement => ({
    kind: 'open',
    subject,
    message,
    evidence: asked,
    missing: [missing],
  });

  if (requested === 'unknown') {
    if (issued === 'yes') return yield decide('pass', 'The token response brought a refresh token.');
    if (advertised === 'no')
      return yield decide('notApplicable', 'The authorization server does not offer offline_access.');
    return yield open(
      'The authorization request was not recorded, so its scopes are unknown.',
      'authorization-request',
    );
  }
  if (access.vendorSwitch)
    return yield decide(
      'notApplicable',
      "The client asks for refresh tokens by the authorization server's own parameter.",
    );
  if (advertised === 'unknown' || advertised === 'unlisted') {
    if (issued === 'yes') return yield decide('pass', 'The token response brought a refresh token.');
    if (advertised === 'unlisted') {
      if (requested === 'yes') return yield decide('pass', 'The client requested offline_access.');
      return yield open(
        'The authorization server publishes no scopes_supported, so it is unknown whether it offers offline_access.',
        'scopes-supported',
      );
    }
    const felt = harmWithoutMetadata(access);
    if (felt) return yield felt;
    return yield open("The authorization server's metadata was not recorded.", 'authorization-server-metadata');
  }
  if (advertised === 'no') {
    return yield decide(
      requested === 'no' ? 'pass' : 'notApplicable',
      'The authorization server does not offer offline_access.',
    );
  }
  if (requested === 'yes') return yield decide('pass', 'The client requested offline_access.');
  const lost = access.previous?.authorization?.request.scope?.includes('offline_access') ?? false;
  if (issued === 'yes') return yield decide('pass', 'A refresh token was issued without offline_access.');
  if (issued === 'unknown' && access.issuesUnasked)
    return yield decide(
      'notApplicable',
      'The authorization server issues refresh tokens without offline_access, as another sign-in shows.',
    );
  if (wanted === 'no') {
    yield decide(
      'notApplicable',
      'The client registered without the refresh_token grant, so it wants no refresh tokens.',
    );
    if (consequence) {
      yield {
        kind: 'informational',
        subject,
        message: `The client registered without the refresh_token grant, so the ${harmOf(consequence)}; registering with it and requesting offline_access would avoid this.`,
        evidence: present([...asked, harmShown(consequence)]),
      };
    }
    return;
  }
  // A token response that was not recorded may have brought a refresh token; a refresh in the log says it did.
  const harmed = consequence !== null && (issued === 'no' || access.grant.refreshes.length === 0);
  const unseen = issued === 'unknown' ? ' (no token response to it was recorded)' : '';
  const consequenceWords = harmed ? `; the ${harmOf(consequence)}` : '';
  const level =
    lost && issued === 'no' ? levelSince(server, '2026-07-28', 'warning', harmed) : harmed ? 'warning' : 'note';
  const what = lost
    ? `offline_access, requested before, was left out at ${grant.cause === 'step-up' ? 'step-up' : 're-authorization'}`
    : `The authorization server offers offline_access, and the client requested ${scopes(grant.requested ?? [])} only`;
  const cost = issued === 'no' ? ', so no refresh token was issued' : '';
  yield {
    kind: 'fail',
    level,
    subject,
    message: `${what}${cost}${unseen}${consequenceWords}${sinceWords(server, '2026-07-28')}.`,
    evidence: present([
      ...asked,
      advertisedEvidence(access),
      answerEvidence(access),
      harmed ? harmShown(consequence) : null,
    ]),
  };
}

/**
 * Harm is told although the metadata's body was lost (contract.md, law 1): the client read the metadata,
 * declared that it refreshes, asked for no offline_access, got no refresh token, and the user paid.
 * The message says what is not in the log.
 */
function harmWithoutMetadata(access: OfflineAccess): Judgement | null {
  const { grant, server, declared, issued, consequence, documentLost } = access;
  if (!documentLost || declared !== 'yes' || issued !== 'no' || consequence === null) return null;
  return {
    kind: 'fail',
    level: 'warning',
    subject: server.url,
    message: `The client declared that it uses refresh tokens and requested ${scopes(grant.requested ?? [])} only; none was issued, and the ${harmOf(consequence)} (the metadata that the client had read is in the log without its body)${sinceWords(server, '2026-07-28')}.`,
    evidence: present([
      ...askedEvidence(access),
      evidence(documentLost, 'response.content', 'body not recorded'),
      answerEvidence(access),
      harmShown(consequence),
    ]),
  };
}

function askedEvidence({ grant }: OfflineAccess) {
  if (grant.authorization) return [scopeOf(grant.authorization)];
  return grant.token ? [tokenAnswerOf(grant.token)] : [];
}

function advertisedEvidence({ document }: OfflineAccess) {
  if (!document) return null;
  return evidence(
    document.exchange,
    'response.content',
    `scopes_supported: ${(document.metadata.scopesSupported ?? []).join(' ')}`,
    rangeOfText(document.exchange.response.body.text, '"offline_access"'),
  );
}

function answerEvidence({ grant }: OfflineAccess) {
  return grant.token ? tokenAnswerOf(grant.token) : null;
}
