import type { Exchange } from '../../../exchange/exchange.ts';
import { challengeText } from '../../../story/answers.ts';
import { type ChainEvent, eventsSince, type Refusal, refusals } from '../../../story/chain-events.ts';
import { isFromGateway } from '../../../story/gateways.ts';
import type { Call, Chain, Server, Story, Surfaced, Token, TokenExchange } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { attemptsAfter, isSameOperation } from '../../../story/queries.ts';
import { knowsHeaders } from '../../../story/recorded.ts';
import { type Held, NOTHING_KNOWN, usableRefreshToken } from '../../../story/refresh-token-held.ts';
import { endedBetween } from '../../../story/session-ends.ts';
import { unreadRefresh } from '../../../story/unread-token-requests.ts';

/** How long a 401 may wait for its refresh, and an operation for its retry, milliseconds (rules.md E, W401). */
export const REFRESH_WINDOW = 30_000;
/** A token refused this soon after its issue was never good: not the client's matter (rules.md E). */
const FRESH = 5000;

/** One dead token: every 401 it met, and all that followed (rules.md A.3). */
export interface Episode {
  /** The first refusal; later ones with the same token belong to the same episode. */
  readonly refusal: Refusal;
  readonly calls: readonly Call[];
  readonly server: Server;
  readonly chain: Chain | null;
  /** Whether the client held a usable refresh token. */
  readonly refreshToken: 'yes' | 'no' | 'unknown';
  /** The response that shows it. */
  readonly refreshTokenFrom: TokenExchange | null;
  readonly errorGiven: boolean;
  /** The client is not to be judged by it: a token fresh from the issuer, a log-out, a newer token at hand. */
  readonly excuse: 'fresh' | 'logged-out' | null;
  /** A newer token of the chain had arrived before the refusal did. */
  readonly newer: boolean;
  /** Refreshes of the chain that can answer it, in order; one that was in flight at the refusal comes first. */
  readonly refreshes: readonly TokenExchange[];
  /** A request that may have been such a refresh: its body was not recorded. */
  readonly unreadRefresh: Exchange | null;
  /** The first renewed authorization after it. */
  readonly authorization: ChainEvent | null;
  readonly surfaced: readonly Surfaced[];
  /** The operation sent again with another token. */
  readonly retry: Call | null;
  /** Calls sent after the refusal with the dead token. */
  readonly reuses: readonly Call[];
  /** The last sign of life of the client, milliseconds since the epoch. */
  readonly activeUntil: number;
}

/** The dead tokens of the log: 401s admitted by rules.md A.3.1. */
export const episodes = oncePer((story: Story): readonly Episode[] => {
  const byToken = new Map<string, Refusal[]>();
  for (const refusal of refusals(story)) {
    if (!isAdmitted(refusal.call)) continue;
    const key = `${refusal.server.url}\n${refusal.call.credential}`;
    byToken.set(key, [...(byToken.get(key) ?? []), refusal]);
  }
  return [...byToken.values()].flatMap((group) => {
    const first = group[0];
    return first
      ? [
          episode(
            story,
            first,
            group.map(({ call }) => call),
          ),
        ]
      : [];
  });
});

/**
 * A 401 to a credential: `invalid_token` or no error code; never a gateway's page, a nonce request or another error.
 * Who ends a session (DELETE) has nothing to recover.
 */
export function isAdmitted(call: Call): boolean {
  if (call.status !== 401 || call.credential === null || call.exchange.method === 'DELETE') return false;
  if (isFromGateway(call.exchange)) return false;
  if (call.challenge) return call.challenge.error === null || call.challenge.error === 'invalid_token';
  return challengeText(call.exchange) === null && knowsHeaders(call.exchange);
}

function episode(story: Story, refusal: Refusal, calls: readonly Call[]): Episode {
  const { call, chain, server, token, since } = refusal;
  const events = chain ? eventsSince(chain, Number.NEGATIVE_INFINITY) : [];
  const all = events.flatMap((event) => (event.kind === 'refresh' ? [event.refresh] : []));
  const inFlight = all.filter(
    ({ exchange }) => exchange.sent < since && exchange.answered >= since && exchange.sent >= call.exchange.sent,
  );
  const after = all.filter(({ exchange }) => exchange.sent >= since);
  const tokens = story.tokens.filter(
    (known) => known.kind === 'access' && known.grant !== null && known.grant.chain === chain?.id,
  );
  const newer = tokens.some(
    (known) =>
      known !== token &&
      known.issuedBy !== null &&
      known.issuedBy.exchange.answered <= call.exchange.answered &&
      known.issuedBy.exchange.answered > (token?.issuedAt ?? Number.NEGATIVE_INFINITY) &&
      known.issuedBy.exchange.answered >= call.exchange.sent - REFRESH_WINDOW,
  );
  const held = refreshTokenAt(chain, token, call.exchange.sent);
  const last = server.calls.at(-1);
  const authorization = events.find((event) => event.kind === 'authorization' && event.at >= since) ?? null;
  const until = Math.min(authorization?.at ?? Number.POSITIVE_INFINITY, call.exchange.answered + REFRESH_WINDOW);
  return {
    refusal,
    calls,
    server,
    chain,
    refreshToken: held.state,
    refreshTokenFrom: held.from,
    errorGiven: call.challenge?.error === 'invalid_token',
    excuse: excuseOf(story, refusal, chain),
    newer,
    refreshes: [...inFlight, ...after],
    unreadRefresh: chain ? (unreadRefresh(story, chain, since, until)?.exchange ?? null) : null,
    authorization,
    surfaced: story.surfaced.filter((shown) => belongs(shown, calls, server)),
    retry: firstRetry(server, calls, since),
    // A dead token goes on being refused.
    reuses: server.refused.filter(
      (later) =>
        later.exchange.sent > since &&
        later.credential === call.credential &&
        !calls.some((dead) => dead === later && dead.exchange.sent < since),
    ),
    activeUntil: Math.max(story.surfaced.at(-1)?.exchange.sent ?? 0, last?.exchange.sent ?? 0, events.at(-1)?.at ?? 0),
  };
}

/** The first attempt at one of the refused operations with another token. */
function firstRetry(server: Server, calls: readonly Call[], since: number): Call | null {
  const operations = new Map(calls.map((call) => [call.operation, call]));
  const retries = [...operations.values()].flatMap((call) => {
    for (const later of attemptsAfter(server, call, since)) {
      if (later.credential !== null && later.credential !== call.credential) return [later];
    }
    return [];
  });
  return retries.sort((one, other) => one.exchange.sent - other.exchange.sent)[0] ?? null;
}

/** What the model was told of a call of the episode, also by way of its retry. */
function belongs(shown: Surfaced, calls: readonly Call[], server: Server): boolean {
  if (shown.call.server !== server.url) return false;
  return calls.some(
    (call) =>
      shown.call === call ||
      (isSameOperation(shown.call, call) &&
        shown.call.exchange.sent > call.exchange.sent &&
        shown.exchange.sent - call.exchange.sent < 120_000),
  );
}

function excuseOf(story: Story, { call, token }: Refusal, chain: Chain | null): Episode['excuse'] {
  const issued = token?.issuedAt ?? null;
  const whose = chain && { issuer: chain.issuer, server: call.server };
  if (whose && issued !== null && endedBetween(story.sessionEnds, whose, issued, call.exchange.sent))
    return 'logged-out';
  const born = token?.issuedBy?.exchange.answered ?? null;
  const expired =
    token?.expiresAt !== null && token?.expiresAt !== undefined && token.expiresAt <= call.exchange.answered;
  return born !== null && !expired && call.exchange.sent - born < FRESH ? 'fresh' : null;
}

/** rules.md A.3.3: what the token's own grant, else the chain's latest before `at`, left in the client's hand. */
function refreshTokenAt(chain: Chain | null, token: Token | null, at: number): Held {
  const latest = chain?.grants.findLast((known) => (known.token?.exchange.sent ?? Number.POSITIVE_INFINITY) < at);
  const grant = token?.grant ?? latest;
  return chain && grant ? usableRefreshToken([grant], at) : NOTHING_KNOWN;
}
