import { header } from '../../exchange/exchange.ts';
import type { Chain, Server, Story, TokenExchange } from '../../story/model.ts';
import { bySent } from '../../story/order.ts';
import { wouldShowCredentials } from '../../story/presented.ts';
import { speaks } from '../../story/revisions.ts';
import { isSuccess } from '../../story/token-answers.ts';
import { isSecret } from '../../story/token-book.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { present, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { fieldOf } from '../shared/evidence/parameters.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';
import { methodsOf, registeredMethod } from '../shared/token-endpoint/client-authentication.ts';

/** OAuth 2.1 section 4.3.1: for public clients, a refresh token is replaced at each use. */
export const rule = defineRule({
  id: 'as-rotates-refresh-tokens',
  title: 'Refresh token of a public client not rotated',
  party: 'authorization-server',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'token-theft', 'security-considerations'),
    mcp('2025-11-25', 'token-theft'),
    mcp('2025-06-18', 'token-theft'),
    mcp('2025-03-26', 'implementation-requirements'),
    oauth21('4.3.1'),
    rfc(9700, '4.14.2'),
  ],
  fix: 'Return a new refresh token at each refresh of a public client, and revoke the grant when an old one comes back.',
  *judge(story) {
    for (const chain of story.chains) {
      const judgement = chain.server ? judge(story, chain, chain.server) : null;
      if (judgement) yield { ...judgement, occasion: chain.id };
    }
  },
});

/** A server may answer a repeated refresh with what it gave before (milliseconds). */
const GRACE = 60_000;

function judge(story: Story, chain: Chain, server: Server): Judgement | null {
  const subject = server.url;
  const used = firstUses(chain.grants.flatMap((grant) => grant.refreshes).sort(bySent));
  const [first] = used;
  if (!first) return null;
  const kept = used.find((refresh) => isKept(refresh));
  const shown = present([
    kept ? tokenAnswerOf(kept) : null,
    kept ? fieldOf(kept, 'refresh_token', 'refresh_token') : null,
  ]);
  const unread = used.find(({ response, request }) => response === null || !isSecret(request.refreshToken));
  if (!kept) {
    if (unread) {
      const message = 'The recording does not hold the answer to the refresh, or not its token.';
      return { kind: 'open', subject, message, evidence: [tokenAnswerOf(unread)], missing: ['token-response'] };
    }
    return {
      kind: 'pass',
      subject,
      message: 'Each refresh brought a new refresh token.',
      evidence: [tokenAnswerOf(first)],
    };
  }
  const type = clientType(story, chain, kept);
  if (type === 'confidential') {
    return {
      kind: 'notApplicable',
      subject,
      message: 'The client authenticates itself, so its refresh token need not be replaced.',
      evidence: shown,
    };
  }
  if (type === 'unknown') {
    return {
      kind: 'open',
      subject,
      message: 'The refresh token was not replaced; whether the client is a public one is not in the log.',
      evidence: shown,
      missing: ['client-registration'],
    };
  }
  return {
    kind: 'fail',
    level: speaks(server, '2025-06-18') === false ? 'warning' : 'error',
    subject,
    message: `The refresh brought ${kept.response?.refreshToken ? 'the same refresh token again' : 'no new refresh token'}, and the client is a public one.`,
    evidence: shown,
  };
}

/** The answer leaves the refresh token that was sent in use. */
function isKept({ request, response }: TokenExchange): boolean {
  if (!response?.accessToken || !isSecret(request.refreshToken)) return false;
  return response.refreshToken === null || response.refreshToken === request.refreshToken;
}

/** Successful refreshes, less those that repeat one shortly before. */
function firstUses(refreshes: readonly TokenExchange[]): TokenExchange[] {
  const lastUse = new Map<string, number>();
  return refreshes.filter((refresh) => {
    const token = refresh.request.refreshToken ?? '';
    const before = lastUse.get(token);
    lastUse.set(token, refresh.exchange.answered);
    return isSuccess(refresh) && (before === undefined || refresh.exchange.sent - before > GRACE);
  });
}

/**
 * Whether the client is a public one (RFC 6749 section 2.1), without a bound refresh token: it proves itself
 * by nothing in a recording that shows credentials, and is not registered to. A proof of possession
 * (RFC 9449 section 5) binds the refresh token of a public client, as authentication does.
 */
function clientType(story: Story, chain: Chain, refresh: TokenExchange): 'public' | 'confidential' | 'unknown' {
  const proven =
    header(refresh.exchange.request.headers, 'dpop') !== null || refresh.response?.tokenType?.toLowerCase() === 'dpop';
  if (proven || methodsOf(refresh).length > 0) return 'confidential';
  const registered = registeredMethod(chain.registration);
  if (registered !== null) return registered === 'none' ? 'public' : 'confidential';
  if (chain.registration) return 'unknown';
  return wouldShowCredentials(story, refresh.exchange) && !refresh.exchange.envelope ? 'public' : 'unknown';
}
