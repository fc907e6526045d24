import { type BearerChallenge, type ChallengeError, parseChallenges } from '../../protocol/challenge.ts';
import type { Range } from '../../protocol/range.ts';
import { parseUrl } from '../../protocol/url.ts';
import { challengeText } from '../../story/answers.ts';
import type { Call, Server, Story } from '../../story/model.ts';
import { isOAuthServer } from '../../story/oauth-servers.ts';
import { knowsHeaders } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { withoutHeaders } from '../shared/challenges/without-headers.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { short } from '../shared/evidence/short.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** A challenge keeps to the grammar, so that every client reads the same out of it. */
export const rule = defineRule({
  id: 'www-authenticate-well-formed',
  title: 'Challenge that does not parse',
  party: 'server',
  level: 'warning',
  since: null,
  spec: [rfc(9110, '11.6.1'), rfc(6750, '3'), rfc(9728, '5.1'), mcp('2026-07-28', 'token-requirements')],
  fix: 'Send one Bearer challenge whose values are quoted, with scopes separated by spaces and an absolute resource_metadata URL.',
  *judge(story) {
    for (const server of story.servers) {
      const scopes = new Set<string>();
      for (const { metadata } of server.metadata) for (const scope of metadata.scopesSupported ?? []) scopes.add(scope);
      for (const { issuer, metadata } of story.authorizationServers) {
        if (!server.issuers.includes(issuer)) continue;
        for (const document of metadata) for (const scope of document.metadata.scopesSupported ?? []) scopes.add(scope);
      }
      for (const call of server.refused) {
        const judgement = judge(story, server, call, scopes);
        if (judgement) yield { ...judgement, occasion: `${call.status} ${challengeText(call.exchange)}` };
      }
    }
  },
});

interface Flaw {
  readonly what: string;
  readonly range: Range;
}

function judge(story: Story, server: Server, call: Call, scopes: ReadonlySet<string>): Judgement | null {
  const { exchange, status } = call;
  const subject = server.url;
  const text = challengeText(exchange);
  // No header at all is another rule's matter.
  if (text === null) return status === 401 && !knowsHeaders(exchange) ? withoutHeaders(server, call) : null;
  const part = 'response.headers.www-authenticate';
  const { challenges, errors } = parseChallenges(text);
  const bearer = call.challenge;
  const [first] = errors;
  if (!bearer && challenges.length > 0 && !isOAuthServer(story, server)) {
    const message = `The server asks for ${challenges[0]?.scheme ?? 'another scheme'}, a kind of authentication of its own, which MCP allows.`;
    return { kind: 'notApplicable', subject, message, evidence: [evidence(exchange, part, `${status}`)] };
  }
  const flaw = first ? grammarFlaw(first, text) : bearer ? valueFlaw(bearer, scopes) : schemeFlaw(text);
  if (!flaw) {
    return {
      kind: 'pass',
      subject,
      message: 'The challenge keeps to the grammar.',
      evidence: [evidence(exchange, part, `${status}`)],
    };
  }
  const seen = evidence(exchange, part, flaw.what, flaw.range[0] < flaw.range[1] ? flaw.range : null);
  return {
    kind: 'fail',
    subject,
    message: `The challenge of the ${status} is malformed: ${flaw.what}.`,
    evidence: [seen],
  };
}

function grammarFlaw({ message, at }: ChallengeError, text: string): Flaw {
  const start = Math.min(at, Math.max(0, text.length - 1));
  return { what: message, range: [start, Math.min(start + 1, text.length)] };
}

function schemeFlaw(text: string): Flaw {
  return { what: 'it has no Bearer or DPoP scheme', range: [0, text.length] };
}

function valueFlaw(challenge: BearerChallenge, scopes: ReadonlySet<string>): Flaw | null {
  const { scopeText, scopeRange, error, errorRange, resourceMetadata, resourceMetadataRange } = challenge;
  const whole = challenge.challenge.range;
  if (resourceMetadata !== null) {
    const protocol = parseUrl(resourceMetadata)?.protocol;
    if (protocol !== 'https:' && protocol !== 'http:') {
      return {
        what: `resource_metadata (${short(resourceMetadata)}) is not an absolute URL`,
        range: spanOr(resourceMetadataRange, whole),
      };
    }
  }
  if (error !== null && !hasOnlyAllowed(error))
    return { what: 'error has a character that is not allowed there', range: spanOr(errorRange, whole) };
  if (scopeText === null) return null;
  const range = spanOr(scopeRange, whole);
  if (!hasOnlyAllowed(scopeText)) return { what: 'scope has a character that is not allowed there', range };
  const parts = scopeText.split(',');
  if (parts.length > 1 && !scopeText.includes(' ') && parts.every((part) => scopes.has(part))) {
    return { what: 'scope separates its values by commas in place of spaces', range };
  }
  return null;
}

function spanOr(range: Range | null, whole: Range): Range {
  return range && range[0] < range[1] ? range : whole;
}

/** RFC 6750 section 3: printable ASCII without `"` and `\`. */
function hasOnlyAllowed(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}
