import { parseUrl } from '../../protocol/url.ts';
import { isAccepted } from '../../story/answers.ts';
import { groupBy } from '../../story/group.ts';
import { isGuarded } from '../../story/lazy-authorization.ts';
import type { Server, Story, Token } from '../../story/model.ts';
import { speaks } from '../../story/revisions.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { quoted } from '../shared/evidence/document.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';
import { type CarriedToken, carriedTokens, credentialOf } from '../shared/tokens/carried-tokens.ts';
import { namesServer } from '../shared/tokens/token-origin.ts';
import { isSameSite } from '../shared/tokens/trusted-origins.ts';

/** A server takes tokens that were issued for it, and no others. */
export const rule = defineRule({
  id: 'token-audience-not-validated',
  title: 'Server accepts a token for another audience',
  party: 'server',
  level: 'error',
  since: '2025-06-18',
  spec: [
    mcp('2026-07-28', 'access-token-privilege-restriction', 'security-considerations'),
    mcp('2025-11-25', 'access-token-privilege-restriction'),
    mcp('2025-06-18', 'access-token-privilege-restriction'),
    rfc(8707, '2'),
    oauth21('5.2'),
  ],
  fix: 'Reject every token whose audience does not name this server.',
  *judge(story) {
    const byToken = groupBy([...carriedTokens(story)], ({ token }) => token.value);
    for (const carried of byToken.values()) {
      for (const one of carried) {
        const judgement = judge(story, one);
        if (judgement) yield judgement;
      }
    }
  },
});

/** Interfaces of others that servers call with the token they were sent: their tokens are not meant for an MCP server. */
const PUBLIC_APIS = [
  'graph.microsoft.com',
  'management.azure.com',
  'api.github.com',
  'googleapis.com',
  'api.atlassian.com',
  'slack.com',
];
/** Microsoft Graph by its application's id. */
const GRAPH = '00000003-0000-0000-c000-000000000000';

function judge(story: Story, { token, server, calls }: CarriedToken): Judgement | null {
  const { jwt } = token;
  if (token.kind !== 'access' || !jwt || jwt.audience.length === 0) return null;
  if (speaks(server, '2025-06-18') === false || jwt.audience.some((one) => namesServer(one, server))) return null;
  const subject = server.url;
  const occasion = token.id;
  const audience = quoted(jwt.audience.join(', '));
  const other = story.servers.find((one) => one !== server && isMadeOutTo(token, one) && !sharesResource(one, server));
  const third = other === undefined && jwt.audience.every((one) => isPublicApi(one, server));
  // An identifier that may stand for this server.
  if (!other && !third) return null;
  const accepted = calls.find((call) => isAccepted(call) && isGuarded(server, call));
  if (accepted) {
    const seen = [
      evidence(accepted.exchange, 'response.status', String(accepted.status)),
      credentialOf(accepted, `aud=${audience}`),
    ];
    const message = `The server accepted a token that is made out to ${audience}${other ? ', another MCP server' : '; it may pass it on'}.`;
    return { kind: 'fail', level: other ? 'error' : 'warning', subject, occasion, message, evidence: seen };
  }
  const refused = calls.find(({ status }) => status === 401);
  if (refused) {
    const seen = [
      evidence(refused.exchange, 'response.status', String(refused.status)),
      credentialOf(refused, `aud=${audience}`),
    ];
    return {
      kind: 'pass',
      subject,
      occasion,
      message: `The server refused a token that is made out to ${audience}.`,
      evidence: seen,
    };
  }
  const open = calls.find(isAccepted);
  if (!open) return null;
  return {
    kind: 'open',
    subject,
    occasion,
    message: `The server answered a call with a token that is made out to ${audience}; whether it looked at the token is not in the log.`,
    evidence: [evidence(open.exchange, 'response.status', String(open.status)), credentialOf(open, `aud=${audience}`)],
    missing: ['refusal-without-token'],
  };
}

function isMadeOutTo({ jwt }: Token, server: Server): boolean {
  return jwt?.audience.every((one) => namesServer(one, server)) ?? false;
}

/** Endpoints of one protected resource share its tokens. */
function sharesResource(one: Server, other: Server): boolean {
  const names = (server: Server): string[] => server.metadata.flatMap(({ metadata }) => metadata.resource ?? []);
  return names(one).some((name) => namesServer(name, other)) || names(other).some((name) => namesServer(name, one));
}

function isPublicApi(audience: string, server: Server): boolean {
  if (audience === GRAPH) return true;
  const host = parseUrl(audience)?.hostname ?? '';
  const known = PUBLIC_APIS.some((api) => host === api || host.endsWith(`.${api}`));
  return known && !isSameSite(audience, server.url);
}
