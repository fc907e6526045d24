import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { fieldOf, parameterOf } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type BoundExchange, codeExchanges, requestBehind } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 6749 section 4.1.3: where the code exchange names a redirect_uri, it is the one of the authorization request. */
export const rule = defineRule({
  id: 'redirect-uri-identical-in-token',
  title: 'redirect_uri differs in the code exchange',
  party: 'client',
  level: 'error',
  since: null,
  spec: [rfc(6749, '4.1.3'), mcp('2026-07-28', 'overview'), mcp('2025-11-25', 'overview')],
  fix: 'Send the redirect_uri of the authorization request, character by character, in the code exchange.',
  *judge(story) {
    for (const bound of codeExchanges(story)) yield judge(bound);
  },
});

function judge({ by, grant, server }: BoundExchange): Judgement {
  const subject = server.url;
  const sent = by.request.redirectUri;
  if (sent === null) {
    const shown = fieldOf(by, 'redirect_uri', 'no redirect_uri');
    return {
      kind: 'pass',
      subject,
      message: 'The code exchange names no redirect_uri, as OAuth 2.1 has it.',
      evidence: [shown],
    };
  }
  const shown = fieldOf(by, 'redirect_uri', `redirect_uri=${sent}`);
  const authorization = requestBehind(grant, by);
  if (!authorization) {
    return {
      kind: 'open',
      subject,
      message: 'The authorization request was not recorded.',
      evidence: [shown],
      missing: ['authorization-request'],
    };
  }
  const asked = authorization.request.redirectUri;
  if (asked === null) {
    return {
      kind: 'notApplicable',
      subject,
      message: 'The authorization request names no redirect_uri.',
      evidence: [shown],
    };
  }
  const seen = [shown, parameterOf(authorization, 'redirect_uri', `redirect_uri=${asked}`)];
  if (sent === asked)
    return { kind: 'pass', subject, message: 'Both requests name the same redirect_uri.', evidence: seen };
  const refused = by.response?.error ? `; the authorization server answered ${by.response.error}` : '';
  return {
    kind: 'fail',
    subject,
    message: `The authorization request names redirect_uri ${asked}, the code exchange ${sent}${refused}.`,
    evidence: seen,
  };
}
