import type { Exchange } from '../exchange/exchange.ts';
import { readJwt } from '../protocol/jwt.ts';
import { groupBy } from './group.ts';
import { isSameIssuer } from './issuers.ts';
import type { Grant, Token, TokenExchange } from './model.ts';
import { inTimeOrder } from './order.ts';
import { makeToken, type TokenBook } from './token-book.ts';

/**
 * Every token of the log, named in order of appearance, with its grant and its uses.
 * `uses`: entries whose request carried a credential, ascending, by its value.
 */
export function finishTokens(
  book: TokenBook,
  grants: readonly Grant[],
  uses: (value: string) => readonly number[],
  exchanges: readonly TokenExchange[],
): Token[] {
  const counts = { access: 0, refresh: 0, id: 0 };
  const grantOf = new Map<TokenExchange, Grant>();
  for (const grant of grants) {
    for (const by of [grant.token, ...grant.refreshes]) if (by) grantOf.set(by, grant);
  }
  const refreshUses = groupBy(exchanges, ({ request }) => request.refreshToken);
  const adopters = new Adopters(grants);
  const inOrder = [...book.all].sort((one, other) => inTimeOrder(one.seen, other.seen));
  return inOrder.map((entry) => {
    counts[entry.kind] += 1;
    const carried = uses(entry.value);
    const sent = (refreshUses.get(entry.value) ?? []).map(({ exchange }) => exchange.entry);
    const entries = sent.length === 0 ? carried : [...carried, ...sent].sort((one, other) => one - other);
    const known = entry.issuedBy ? grantOf.get(entry.issuedBy) : undefined;
    const grant = known ?? adopters.of(entry.value, entry.seen);
    return makeToken(entry, counts[entry.kind], grant, entries);
  });
}

/** Grants whose token response the log lacks, by client. */
class Adopters {
  readonly #byClient: ReadonlyMap<string | null, readonly Grant[]>;

  constructor(grants: readonly Grant[]) {
    this.#byClient = groupBy(
      grants.filter(({ token }) => token !== null && token.response === null),
      ({ clientId }) => clientId,
    );
  }

  /**
   * A token whose token response was not recorded (its page closed) belongs to the grant that its own
   * claims name: same client and issuer, issued while that grant's code exchange went on.
   */
  of(value: string, seen: Exchange): Grant | null {
    if (this.#byClient.size === 0) return null;
    const claims = readJwt(value);
    if (!claims || claims.issuedAt === null || claims.clientId === null) return null;
    const { issuedAt, issuer } = claims;
    const there = this.#byClient.get(claims.clientId) ?? [];
    return (
      there.findLast(
        (grant) =>
          grant.token !== null &&
          isSameIssuer(issuer ?? '', grant.issuer) &&
          // `iat` has whole seconds.
          issuedAt >= Math.floor(grant.token.exchange.sent / 1000) * 1000 &&
          issuedAt <= grant.token.exchange.answered + 1000 &&
          grant.token.exchange.sent <= seen.sent,
      ) ?? null
    );
  }
}
