import type { Jwt } from '../../protocol/jwt.ts';
import { CLOCK_TOLERANCE, dateOf, STRANGE_CLOCK_TOLERANCE } from '../../story/clock.ts';
import type { Story, TokenExchange } from '../../story/model.ts';
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
    const claims = claimsByValue(story);
    const told = new Set<string>();
    for (const bound of tokenExchanges(story)) {
      const judgement = judge(bound, claims);
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

/** Access tokens that are JWTs, by their value. */
function claimsByValue(story: Story): ReadonlyMap<string, Jwt> {
  return new Map(
    story.tokens.flatMap(({ kind, value, jwt }) => (kind === 'access' && jwt ? [[value, jwt] as const] : [])),
  );
}

/** How long a token lives, milliseconds, and how much of that clocks may explain. */
interface Lifetime {
  readonly span: number;
  readonly slack: number;
  readonly note: string;
}

/** As the answer says, else as the token itself does: from its `iat`, else from when it was issued. Some say 0 of one that never ends. */
function lifetimeOf({ exchange, response }: TokenExchange, claims: Jwt | undefined): Lifetime | null {
  const seconds = response?.expiresIn ?? null;
  if (seconds !== null && seconds > 0) return { span: seconds * 1000, slack: 0, note: `expires_in=${seconds}` };
  const end = claims?.expiresAt ?? null;
  if (end === null) return null;
  const begin = claims?.issuedAt ?? null;
  if (begin !== null) return { span: end - begin, slack: 0, note: `exp is ${span(end - begin)} after iat` };
  const date = dateOf(exchange);
  const since = end - (date ?? exchange.answered);
  const slack = date === null ? STRANGE_CLOCK_TOLERANCE : CLOCK_TOLERANCE;
  return { span: since, slack, note: `exp is ${span(since)} after the answer` };
}

function judge({ by, server }: BoundExchange, claims: ReadonlyMap<string, Jwt>): Judgement | null {
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
  const lifetime = lifetimeOf(by, claims.get(response.accessToken));
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
  const shown = memberOf(by, 'expires_in', lifetime.note);
  const surely = lifetime.span - lifetime.slack;
  if (surely <= HOUR)
    return { kind: 'pass', subject, message: `The access token lives ${span(lifetime.span)}.`, evidence: [shown] };
  const level = surely > DAY ? 'warning' : 'note';
  const message = `The access token lives ${surely > DAY ? days(lifetime.span) : span(lifetime.span)}: whoever steals it can use it that long.`;
  return { kind: 'fail', level, subject, message, evidence: [shown] };
}

function days(milliseconds: number): string {
  return `${Math.round(milliseconds / DAY)} days`;
}
