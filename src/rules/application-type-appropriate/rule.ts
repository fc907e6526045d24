import { isLoopback, parseUrl } from '../../protocol/url.ts';
import { pageOriginOf } from '../../story/page-origin.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { several } from '../shared/evidence/short.ts';
import { redirectKind } from '../shared/registration/redirect-uri.ts';
import { type BoundRegistration, boundRegistrations, requestedMember } from '../shared/registration/registration.ts';
import { isRedirectRejection } from '../shared/registration/registration-error.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { OIDC_REGISTRATION } from '../shared/spec/registration-links.ts';

/** What a client says it is fits where it runs and where it is redirected to. Without application_type, SEP-837's own rule speaks. */
export const rule = defineRule({
  id: 'application-type-appropriate',
  title: 'application_type does not fit the client',
  party: 'client',
  level: 'warning',
  since: '2026-07-28',
  spec: [
    mcp('2026-07-28', 'application-type-and-redirect-uri-constraints', 'client-registration'),
    OIDC_REGISTRATION,
    rfc(8252, '7'),
  ],
  fix: 'Register as "native" for localhost, desktop and command line, and as "web" for a page served from elsewhere.',
  *judge(story) {
    for (const bound of boundRegistrations(story)) {
      const judgement = judge(bound);
      if (judgement) yield judgement;
    }
  },
});

function judge(bound: BoundRegistration): Judgement | null {
  const { registration, server } = bound;
  const { exchange, request } = registration;
  const type = request?.applicationType ?? null;
  const uris = request?.redirectUris ?? [];
  if ((type !== 'native' && type !== 'web') || uris.length === 0) return null;
  const subject = server.url;
  const said = requestedMember(registration, 'application_type');
  const seen = [said, requestedMember(registration, 'redirect_uris')];
  const origin = pageOriginOf(exchange);
  const kinds = uris.map((uri) => (isExtensionRedirect(uri) ? 'extension' : redirectKind(uri)));
  const hosted = kinds.every((kind) => kind === 'https');
  const local = kinds.every((kind) => kind === 'loopback' || kind === 'custom');
  const fail = (why: string): Judgement => ({
    kind: 'fail',
    level: isRedirectRejection(registration) ? 'warning' : levelSince(server, '2026-07-28', 'warning'),
    subject,
    message: `The client registered as ${type}, but ${why}${sinceWords(server, '2026-07-28')}.`,
    evidence: origin === null ? seen : [...seen, evidence(exchange, 'request.headers.origin', origin)],
  });
  const pass: Judgement = {
    kind: 'pass',
    subject,
    message: `application_type ${type} fits the client.`,
    evidence: seen,
  };
  if (type === 'web') {
    if (local) return fail(`it is redirected to ${several(uris)}`);
    if (origin !== null && isLocalPage(origin)) return fail(`its page is served from ${origin}`);
    if (hosted) return pass;
  } else {
    if (local) return pass;
    if (hosted && origin === null) {
      const message =
        'Whether the client is a hosted page cannot be told: the request does not say which page sent it.';
      return { kind: 'open', subject, message, evidence: seen, missing: ['request-origin'] };
    }
    if (hosted && origin !== null && isHostedPage(origin))
      return fail(`it is a page at ${origin}, redirected to ${several(uris)}`);
    if (hosted) return pass;
  }
  return {
    kind: 'notApplicable',
    subject,
    message: 'The redirect URIs are of several kinds; either application_type may fit.',
    evidence: seen,
  };
}

/** A browser extension's redirect (`chromiumapp.org`, `extensions.allizom.org`) is https and yet not of a hosted page. */
function isExtensionRedirect(uri: string): boolean {
  const host = parseUrl(uri)?.hostname ?? '';
  return host.endsWith('.chromiumapp.org') || host.endsWith('.extensions.allizom.org');
}

function isLocalPage(origin: string): boolean {
  const url = parseUrl(origin);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && isLoopback(url.host);
}

function isHostedPage(origin: string): boolean {
  const url = parseUrl(origin);
  return url !== null && url.protocol === 'https:' && !isLoopback(url.host);
}
