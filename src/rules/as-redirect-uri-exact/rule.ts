import { readPlace } from '../../protocol/url.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { several, short } from '../shared/evidence/short.ts';
import { type RedirectUse, redirects } from '../shared/registration/redirect-use.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { OPEN_REDIRECTOR, SECURITY_PAGE } from '../shared/spec/registration-links.ts';

/** An authorization server sends nobody to a redirect URI that the client did not register. */
export const rule = defineRule({
  id: 'as-redirect-uri-exact',
  title: 'Authorization server redirects to an unregistered URI',
  party: 'authorization-server',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'open-redirection', SECURITY_PAGE),
    mcp('2025-11-25', 'open-redirection'),
    mcp('2025-06-18', 'open-redirection'),
    mcp('2025-03-26', 'security-considerations'),
    OPEN_REDIRECTOR,
    rfc(8252, '7.3'),
  ],
  fix: 'Compare redirect URIs character by character with the registered ones, and show an error page where none is equal.',
  *judge(story) {
    for (const use of redirects(story)) {
      const judgement = judge(use);
      if (judgement) yield judgement;
    }
  },
});

function judge({ grant, server, authorization, uri, registered, as, listed }: RedirectUse): Judgement | null {
  const { callback } = grant;
  const subject = server.url;
  const sent = parameterOf(authorization, 'redirect_uri');
  const landed = callback
    ? evidence(callback.exchange, callback.part, `back at ${short(uri)}`)
    : redirectTo(authorization, uri);
  if (registered === null) {
    if (!landed) return null;
    const message = "The client's registration is not in the log, so its redirect URIs are unknown.";
    return { kind: 'open', subject, message, evidence: [landed, sent], missing: ['client-registration'] };
  }
  const seen = present([landed, sent, listed]);
  if (as !== 'no')
    return (
      landed && {
        kind: 'pass',
        subject,
        message: 'The authorization server redirected to a registered URI.',
        evidence: seen,
      }
    );
  if (landed) {
    const message = `The authorization server redirected to ${short(uri)}, which the client did not register${registered.length > 0 ? ` (registered: ${several(registered)})` : ''}.`;
    return { kind: 'fail', subject, message, evidence: seen };
  }
  const { status } = authorization.exchange.response;
  if (status >= 400 && status < 500) {
    const refused = evidence(authorization.exchange, 'response.status', String(status));
    return {
      kind: 'pass',
      subject,
      message: 'The authorization server refused an unregistered redirect URI.',
      evidence: [refused, sent],
    };
  }
  const message =
    'The client named an unregistered redirect URI; what the authorization server made of it is not in the log.';
  return { kind: 'open', subject, message, evidence: present([sent, listed]), missing: ['authorization-response'] };
}

/** The redirect that the authorization request itself was answered with. */
function redirectTo({ exchange }: RedirectUse['authorization'], uri: string) {
  const { location, status } = exchange.response;
  if (location === null || status < 300 || status >= 400) return null;
  const there = readPlace(location)?.endpoint;
  return there !== undefined && there === readPlace(uri)?.endpoint
    ? evidence(exchange, 'response.headers.location', `to ${short(uri)}`)
    : null;
}
