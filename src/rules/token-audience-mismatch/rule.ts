import { readPlace } from '../../protocol/url.ts';
import type { Story } from '../../story/model.ts';
import { speaks } from '../../story/revisions.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { quoted } from '../shared/evidence/document.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { fieldOf } from '../shared/evidence/parameters.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { type CarriedToken, carriedTokens, credentialOf } from '../shared/tokens/carried-tokens.ts';
import { namesServer, resourcesOf } from '../shared/tokens/token-origin.ts';

/** A token made out to nobody in particular can be used everywhere (RFC 8707 section 1). */
export const rule = defineRule({
  id: 'token-audience-mismatch',
  title: "The token's audience does not name the MCP server",
  party: 'authorization-server',
  level: 'note',
  since: '2025-06-18',
  spec: [
    mcp('2026-07-28', 'token-audience-binding-and-validation', 'security-considerations'),
    mcp('2025-11-25', 'token-audience-binding-and-validation'),
    mcp('2025-06-18', 'token-audience-binding-and-validation'),
    rfc(8707, '2'),
    rfc(9068, '3'),
  ],
  fix: 'Issue access tokens whose aud is the resource that the client asked for.',
  judge,
});

function* judge(story: Story): Generator<Judgement> {
  /** One verdict for all tokens alike: renewals of a token repeat its audience. */
  const told = new Set<string>();
  for (const carried of carriedTokens(story)) {
    const judgement = judgeToken(carried);
    const key = judgement && JSON.stringify([judgement.subject, judgement.kind, judgement.message]);
    if (!judgement || !key || told.has(key)) continue;
    told.add(key);
    yield judgement;
  }
}

function judgeToken({ token, server, first }: CarriedToken): Judgement | null {
  // Where it came from is not in the log.
  if (token.kind !== 'access' || !token.issuedBy || speaks(server, '2025-06-18') === false) return null;
  const subject = server.url;
  const occasion = token.id;
  if (!token.jwt) {
    const message = 'The access token is opaque: whom it is made out to is not to be seen.';
    const seen = [credentialOf(first, 'opaque')];
    return { kind: 'open', subject, occasion, message, evidence: seen, missing: ['token-claims'] };
  }
  const { audience, type } = token.jwt;
  const named = audience.length === 0 ? 'no aud' : `aud=${audience.join(', ')}`;
  const shown = evidence(token.issuedBy.exchange, 'response.content', quoted(named));
  const seen = [shown, credentialOf(first, quoted(named))];
  if (audience.some((one) => namesServer(one, server))) {
    const message = "The access token's audience names this server.";
    return { kind: 'pass', subject, occasion, message, evidence: seen };
  }
  if (audience.length > 0 && !audience.every(isUrl)) {
    const message = `The access token's audience is ${quoted(audience.join(', '))}, an identifier that may stand for this server.`;
    return { kind: 'notApplicable', subject, occasion, message, evidence: seen };
  }
  const resources = resourcesOf(token);
  const asked = resources.some((resource) => namesServer(resource, server));
  // Made out to whom the client asked for: that it was sent to another is no fault of its issuer.
  if (!asked && resources.some((resource) => audience.includes(resource))) return null;
  const profiled = type !== null && type.toLowerCase().replace('application/', '') === 'at+jwt';
  const made = audience.length === 0 ? 'to nobody' : `to ${quoted(audience.join(', '))}`;
  return {
    kind: 'fail',
    level: asked && profiled ? 'warning' : 'note',
    subject,
    occasion,
    message: `The access token is made out ${made}, not to this server${asked ? ', although the client asked for it' : ''}.`,
    evidence: asked ? [...seen, fieldOf(token.issuedBy, 'resource', `resource=${resources.join(', ')}`)] : seen,
  };
}

function isUrl(text: string): boolean {
  const protocol = readPlace(text)?.protocol;
  return protocol === 'https:' || protocol === 'http:';
}
