import { originOf } from '../../protocol/url.ts';
import { documentsFor } from '../../story/issuer-documents.ts';
import { isSameIssuer } from '../../story/issuers.ts';
import type { AuthorizationServerDocument, Grant, Server, Story } from '../../story/model.ts';
import type { SignInStep } from '../../story/sign-in-steps.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { STEP_NAMES, stepOf } from '../shared/authorization/sign-in.ts';
import { unseenIssuerMetadata } from '../shared/discovery/unseen-metadata.ts';
import { memberOf, quoted } from '../shared/evidence/document.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, oauth21 } from '../shared/spec/links.ts';

/** Metadata without code_challenge_methods_supported stands for an authorization server without PKCE. */
export const rule = defineRule({
  id: 'pkce-refuse-when-unadvertised',
  title: 'The client signed in although PKCE is not offered',
  party: 'client',
  level: 'error',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'authorization-code-protection', 'security-considerations'),
    mcp('2025-11-25', 'authorization-code-protection'),
    oauth21('7.5.2'),
  ],
  fix: "Stop the sign-in when the authorization server's metadata has no code_challenge_methods_supported.",
  *judge(story) {
    for (const grant of story.grants) {
      const { server } = grant;
      const judgement = server && judge(story, server, grant);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, server: Server, grant: Grant): Judgement | null {
  const step = stepFor(grant);
  if (!step) return null;
  const documents = documentsOf(story, server, grant.issuer);
  const before = documents.filter(({ exchange }) => exchange.sent <= step.exchange.sent);
  const last = before.at(-1);
  const subject = server.url;
  if (!last) {
    const unseen = documents.length === 0 ? unseenIssuerMetadata(story, server) : null;
    return unseen ? { ...unseen, evidence: [stepOf(step)] } : null;
  }
  const offering = documents.find(({ metadata }) => metadata.codeChallengeMethodsSupported !== null);
  const shown = offering ?? last;
  const methods = shown.metadata.codeChallengeMethodsSupported;
  const note = `code_challenge_methods_supported: ${methods === null ? 'not given' : methods.join(' ')}`;
  const seen = [stepOf(step), memberOf(shown.exchange, 'code_challenge_methods_supported', note)];
  if (offering)
    return { kind: 'pass', subject, message: 'The client signed in where PKCE is offered.', evidence: seen };
  if (isLost(story, grant.issuer)) {
    const message = 'A later copy of the metadata, which may offer PKCE, was not recorded.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['authorization-server-metadata'] };
  }
  const message = `The metadata of ${quoted(grant.issuer)} does not offer PKCE, and the client ${STEP_NAMES[step.kind]} there all the same${sinceWords(server, '2025-11-25')}.`;
  return { kind: 'fail', level: levelSince(server, '2025-11-25', 'error'), subject, message, evidence: seen };
}

/** The authorization request, else the exchange of a code that was asked for out of sight. */
function stepFor(grant: Grant): SignInStep | null {
  const { authorization, token, issuer } = grant;
  if (authorization) return { kind: 'authorization', exchange: authorization.exchange, issuer, grant };
  if (token?.request.grantType !== 'authorization_code') return null;
  return { kind: 'token', exchange: token.exchange, issuer, grant };
}

/** The documents of one issuer of the server, by time. */
function documentsOf(story: Story, server: Server, issuer: string): readonly AuthorizationServerDocument[] {
  const found = documentsFor(story, server).filter(({ document }) => isSameIssuer(document.metadata.issuer, issuer));
  return [...new Set(found.map(({ document }) => document))].sort(
    (one, other) => one.exchange.sent - other.exchange.sent,
  );
}

function isLost(story: Story, issuer: string): boolean {
  const origin = originOf(issuer);
  return story.unreadMetadata.some(({ url }) => originOf(url) === origin);
}
