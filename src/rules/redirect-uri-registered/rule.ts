import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { several, short } from '../shared/evidence/short.ts';
import { clientErrorOf } from '../shared/registration/client-verdict.ts';
import { type RedirectUse, redirects } from '../shared/registration/redirect-use.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { SECURITY_PAGE } from '../shared/spec/registration-links.ts';

/** A client asks to be redirected only to where it is registered to be. */
export const rule = defineRule({
  id: 'redirect-uri-registered',
  title: 'Redirect URI not registered',
  party: 'client',
  level: 'error',
  since: '2025-06-18',
  spec: [
    mcp('2026-07-28', 'open-redirection', SECURITY_PAGE),
    mcp('2025-11-25', 'open-redirection'),
    mcp('2025-06-18', 'open-redirection'),
    rfc(6749, '3.1.2'),
  ],
  fix: 'Register the very redirect URI that the authorization request names.',
  *judge(story) {
    for (const use of redirects(story)) yield judge(use);
  },
});

function judge({ grant, server, authorization, uri, registered, as, listed }: RedirectUse): Judgement {
  const judged = { subject: server.url, occasion: `${authorization.issuer} ${authorization.request.clientId} ${uri}` };
  const sent = parameterOf(authorization, 'redirect_uri');
  if (registered === null || listed === null) {
    const message = "The client's registration is not in the log, so its redirect URIs are unknown.";
    return { ...judged, kind: 'open', message, evidence: [sent], missing: ['client-registration'] };
  }
  if (as === 'exact')
    return {
      ...judged,
      kind: 'pass',
      message: `The redirect URI ${short(uri)} is registered.`,
      evidence: [sent, listed],
    };
  const level = as === 'spelling' ? 'warning' : 'error';
  const why =
    as === 'spelling'
      ? 'is registered in another spelling only, and authorization servers compare character by character'
      : `is not registered; registered is ${several(registered) || 'none'}`;
  return {
    ...judged,
    kind: 'fail',
    level: levelSince(server, '2025-06-18', level, clientErrorOf(grant) !== null),
    message: `The redirect URI ${short(uri)} ${why}${sinceWords(server, '2025-06-18')}.`,
    evidence: [sent, listed],
  };
}
