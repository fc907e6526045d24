import { isHeeded } from '../../../story/heeded.ts';
import type { Chain, Grant, Story, TokenExchange } from '../../../story/model.ts';
import { after, answersOf, type Held, heldAt, NOTHING_KNOWN } from '../../../story/refresh-token-held.ts';
import { unreadRefresh } from '../../../story/unread-token-requests.ts';
import { OFFLINE_ACCESS } from './offline-access.ts';

/**
 * What the person had agreed to, and what refresh token the client held, when it asked again. Walks a
 * chain once: ask for its grants in order.
 */
export class ConsentHistory {
  readonly chain: Chain;
  readonly #answers: readonly TokenExchange[];
  #nextAnswer = 0;
  #nextGrant = 0;
  #held: Held = NOTHING_KNOWN;
  #granted: Set<string> | null = null;

  constructor(
    chain: Chain,
    private readonly story: Story,
  ) {
    this.chain = chain;
    this.#answers = answersOf(chain.grants);
  }

  /** Scopes of the grants before this one (null when none is known), and the refresh token at `at`, milliseconds since the epoch. */
  before(grant: Grant, at: number): { readonly granted: ReadonlySet<string> | null; readonly held: Held } {
    const { grants } = this.chain;
    for (let earlier = grants[this.#nextGrant]; earlier && earlier !== grant; earlier = grants[this.#nextGrant]) {
      this.#remember(earlier);
      this.#nextGrant += 1;
    }
    for (
      let answer = this.#answers[this.#nextAnswer];
      answer && isHeeded(answer.exchange, at);
      answer = this.#answers[this.#nextAnswer]
    ) {
      this.#held = after(this.#held, answer);
      this.#nextAnswer += 1;
    }
    const since = this.#answers[this.#nextAnswer - 1]?.exchange.answered ?? Number.NEGATIVE_INFINITY;
    // What it brought, or which token it showed to be dead, is not in the log.
    const unread = unreadRefresh(this.story, this.chain, since, at);
    return { granted: this.#granted, held: unread ? NOTHING_KNOWN : heldAt(this.#held, at) };
  }

  /** A refresh token stands for `offline_access`, which the answer's scope need not name. */
  #remember({ granted, requested }: Grant): void {
    if (granted === null) return;
    this.#granted ??= new Set();
    for (const scope of granted) this.#granted.add(scope);
    if (requested?.includes(OFFLINE_ACCESS)) this.#granted.add(OFFLINE_ACCESS);
  }
}
