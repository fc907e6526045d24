import type { Story } from '../../story/model.ts';
import { isSuccess } from '../../story/token-answers.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { span } from '../shared/evidence/words.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { memberOf } from '../shared/token-endpoint/token-answers.ts';
import { type BoundExchange, tokenExchanges } from '../shared/token-endpoint/token-exchanges.ts';

/** RFC 6750 section 5.3: access tokens live an hour or less, above all those of browser clients. */
export const rule = defineRule({
  id: 'as-short-lived-tokens',
  title: 'Access token lives long',
  party: 'authorization-server',
  level: 'warning',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'token-theft', 'security-considerations'),
    mcp('2025-11-25', 'token-theft'),
    mcp('2025-06-18', 'token-theft'),
    mcp('2025-03-26', 'implementation-requirements'),
    rfc(6750, '5.3'),
  ],
  fix: 'Issue access tokens for an hour at most, and refresh tokens beside them.',
  *judge(story) {
    const lifetimes = claimedLifetimes(story);
    const told = new Set<string>();
    for (const bound of tokenExchanges(story)) {
      const judgement = judge(bound, lifetimes);
      if (!judgement) continue;
      // A server that gives the same lifetime at every refresh says it once.
      const occasion = `${bound.chain.id} ${judgement.message}`;
      if (told.has(occasion)) continue;
      told.add(occasion);
      yield { ...judgement, occasion };
    }
  },
});

/** Rules.md E, milliseconds. MCP gives no number; the first is RFC 6750's. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Lifetimes that access tokens claim (`exp` less `iat`), by their value; null for a JWT without them. */
function claimedLifetimes(story: Story): ReadonlyMap<string, number | null> {
  return new Map(
    story.tokens.flatMap(({ kind, value, jwt }) => {
      if (kind !== 'access' || !jwt) return [];
      const lifetime = jwt.expiresAt === null ? null : jwt.expiresAt - (jwt.issuedAt ?? jwt.expiresAt);
      return [[value, lifetime] as const];
    }),
  );
}

function judge({ by, server }: BoundExchange, lifetimes: ReadonlyMap<string, number | null>): Judgement | null {
  if (!isSuccess(by)) return null;
  const subject = server.url;
  const { response } = by;
  if (!response) {
    return {
      kind: 'open',
      subject,
      message: 'The recording does not hold the token response.',
      evidence: [memberOf(by, '', 'body not recorded')],
      missing: ['token-response'],
    };
  }
  if (response.accessToken === null) return null;
  const claimed = lifetimes.get(response.accessToken) ?? null;
  const lifetime = response.expiresIn === null ? claimed : response.expiresIn * 1000;
  if (lifetime === null) {
    const shown = memberOf(by, 'expires_in', 'no expires_in');
    return {
      kind: 'fail',
      level: 'note',
      subject,
      message: 'The token response does not say how long the access token lives.',
      evidence: [shown],
    };
  }
  const shown = memberOf(
    by,
    'expires_in',
    response.expiresIn === null ? `exp is ${span(lifetime)} after iat` : `expires_in=${response.expiresIn}`,
  );
  if (lifetime <= HOUR)
    return { kind: 'pass', subject, message: `The access token lives ${span(lifetime)}.`, evidence: [shown] };
  const level = lifetime > DAY ? 'warning' : 'note';
  const message = `The access token lives ${lifetime > DAY ? days(lifetime) : span(lifetime)}: whoever steals it can use it that long.`;
  return { kind: 'fail', level, subject, message, evidence: [shown] };
}

function days(milliseconds: number): string {
  return `${Math.round(milliseconds / DAY)} days`;
}
