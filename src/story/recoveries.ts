import type { Exchange } from '../exchange/exchange.ts';
import { isMachineGrant } from './grants.ts';
import { heededFrom } from './heeded.ts';
import type { Call, Chain, Grant, Recovery, Server, Surfaced, TokenExchange } from './model.ts';
import { bySent, firstFrom } from './order.ts';
import { nextSuccess } from './queries.ts';
import { isSuccess } from './token-answers.ts';

/** How long a 401 may wait for its refresh, milliseconds (rules.md E, W401). */
const REFRESH_WINDOW = 30_000;

/** What followed each refusal of an authenticated call, told as a fact; judging it is the rules' business. */
export function findRecoveries(
  server: Server,
  chainOf: (call: Call) => Chain | null,
  surfaced: readonly Surfaced[],
  end: number,
): Recovery[] {
  const toldOf = new Map(surfaced.map((one) => [one.call, one]));
  const eventsOf = new Map<Chain, ChainEvents>();
  return server.refused
    .filter(
      (call) => call.credential !== null && (call.status === 401 || call.challenge?.error === 'insufficient_scope'),
    )
    .map((call) => {
      const status = call.status === 401 ? 401 : 403;
      const chain = chainOf(call);
      const events = chain ? (eventsOf.get(chain) ?? new ChainEvents(chain)) : null;
      if (chain && events) eventsOf.set(chain, events);
      const since = heededFrom(call.exchange);
      const refresh = events?.firstRenewal(since) ?? null;
      const grant = events?.firstGrant(since) ?? null;
      const told = toldOf.get(call) ?? null;
      const retry = nextSuccess(server, call, since);
      const how = decide({ status, refresh, grant, told, retry, call, end });
      const steps = [call.exchange, ...stepsOf(how, refresh, grant, told)];
      if (retry && how !== 'surfaced' && how !== 'none') steps.push(retry.exchange);
      const entries = [...new Set(steps.map(({ entry }) => entry))];
      return {
        call,
        status,
        how,
        ms: retry && how !== 'surfaced' ? retry.exchange.answered - call.exchange.answered : null,
        entries,
      };
    });
}

/** What a chain did at the authorization server, by time. */
class ChainEvents {
  readonly #renewals: readonly TokenExchange[];
  readonly #grants: readonly { readonly exchange: Exchange; readonly grant: Grant }[];

  constructor({ grants }: Chain) {
    // A program that asks for another token of its own renews silently, as by a refresh.
    const own = grants.flatMap(({ authorization, token }) =>
      token && isMachineGrant({ authorization, token }) ? [token] : [],
    );
    this.#renewals = [...own, ...grants.flatMap(({ refreshes }) => refreshes)].sort(bySent);
    this.#grants = grants
      .flatMap((grant) => {
        const first = grant.authorization ?? grant.token;
        return first && !isMachineGrant(grant) ? [{ exchange: first.exchange, grant }] : [];
      })
      .sort(bySent);
  }

  firstRenewal(since: number): TokenExchange | null {
    return this.#renewals[firstFrom(this.#renewals, since)] ?? null;
  }

  firstGrant(since: number): Grant | null {
    return this.#grants[firstFrom(this.#grants, since)]?.grant ?? null;
  }
}

interface Followed {
  readonly status: 401 | 403;
  readonly refresh: TokenExchange | null;
  readonly grant: Grant | null;
  readonly told: Surfaced | null;
  readonly retry: Call | null;
  readonly call: Call;
  readonly end: number;
}

function decide({ status, refresh, grant, told, retry, call, end }: Followed): Recovery['how'] {
  const refreshed = refresh !== null && isSuccess(refresh) ? refresh.exchange.sent : Number.POSITIVE_INFINITY;
  const asked = grant ? grantBegan(grant) : Number.POSITIVE_INFINITY;
  const shown = told?.exchange.sent ?? Number.POSITIVE_INFINITY;
  if (shown < Math.min(refreshed, asked)) return 'surfaced';
  if (status === 401 && refreshed < asked && refreshed - call.exchange.answered <= REFRESH_WINDOW)
    return 'silent-refresh';
  if (asked < Number.POSITIVE_INFINITY) return status === 403 ? 'step-up' : 'sign-in';
  if (retry && retry.credential !== call.credential) return 'silent-refresh';
  return end - call.exchange.answered > REFRESH_WINDOW ? 'none' : 'unknown';
}

function stepsOf(how: Recovery['how'], refresh: TokenExchange | null, grant: Grant | null, told: Surfaced | null) {
  if (how === 'silent-refresh') return refresh ? [refresh.exchange] : [];
  if (how === 'surfaced') return told ? [told.exchange] : [];
  if (how !== 'step-up' && how !== 'sign-in') return [];
  return [grant?.authorization?.exchange, grant?.callback?.exchange, grant?.token?.exchange].filter(
    (step) => step !== undefined,
  );
}

function grantBegan(grant: Grant): number {
  const first = grant.authorization ?? grant.token;
  return first ? first.exchange.sent : Number.POSITIVE_INFINITY;
}
