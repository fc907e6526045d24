import { HEADER_LEAD } from './chains.ts';
import { succeeded } from './grants.ts';
import type { Call, Chain, Grant, Recovery, Server, Surfaced, TokenExchange } from './model.ts';
import { callsAfter, isSameOperation } from './queries.ts';

/** How long a 401 may wait for its refresh, milliseconds (rules.md E, W401). */
const REFRESH_WINDOW = 30_000;

/** What followed each refusal of an authenticated call, told as a fact; judging it is the rules' business. */
export function findRecoveries(
  server: Server,
  chainOf: (call: Call) => Chain | null,
  surfaced: readonly Surfaced[],
  end: number,
): Recovery[] {
  return server.refused
    .filter((call) => call.credential !== null && (call.status === 401 || call.challenge?.error === 'insufficient_scope'))
    .map((call) => {
      const status = call.status === 401 ? 401 : 403;
      const chain = chainOf(call);
      const since = call.exchange.answered - HEADER_LEAD;
      const refresh = chain ? firstRefresh(chain, since) : null;
      const grant = chain?.grants.find((candidate) => grantBegan(candidate) >= since) ?? null;
      const told = surfaced.find((one) => one.call === call) ?? null;
      const retry = nextSuccess(server, call);
      const how = decide({ status, refresh, grant, told, retry, call, end });
      const steps = [call.exchange, ...stepsOf(how, refresh, grant, told)];
      if (retry && how !== 'surfaced' && how !== 'none') steps.push(retry.exchange);
      const entries = [...new Set(steps.map(({ entry }) => entry))];
      return { call, status, how, ms: retry && how !== 'surfaced' ? retry.exchange.answered - call.exchange.answered : null, entries };
    });
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
  const refreshed = refresh !== null && succeeded(refresh) ? refresh.exchange.sent : Number.POSITIVE_INFINITY;
  const asked = grant ? grantBegan(grant) : Number.POSITIVE_INFINITY;
  const shown = told?.exchange.sent ?? Number.POSITIVE_INFINITY;
  if (shown < Math.min(refreshed, asked)) return 'surfaced';
  if (status === 401 && refreshed < asked && refreshed - call.exchange.answered <= REFRESH_WINDOW) return 'silent-refresh';
  if (asked < Number.POSITIVE_INFINITY) return status === 403 ? 'step-up' : 'sign-in';
  if (retry && retry.credential !== call.credential) return 'silent-refresh';
  return end - call.exchange.answered > REFRESH_WINDOW ? 'none' : 'unknown';
}

function stepsOf(how: Recovery['how'], refresh: TokenExchange | null, grant: Grant | null, told: Surfaced | null) {
  if (how === 'silent-refresh') return refresh ? [refresh.exchange] : [];
  if (how === 'surfaced') return told ? [told.exchange] : [];
  if (how !== 'step-up' && how !== 'sign-in') return [];
  return [grant?.authorization?.exchange, grant?.callback?.exchange, grant?.token?.exchange].filter((step) => step !== undefined);
}

function firstRefresh(chain: Chain, since: number): TokenExchange | null {
  const refreshes = chain.grants.flatMap((grant) => grant.refreshes).filter(({ exchange }) => exchange.sent >= since);
  return refreshes.sort((one, other) => one.exchange.sent - other.exchange.sent)[0] ?? null;
}

function grantBegan(grant: Grant): number {
  const first = grant.authorization ?? grant.token;
  return first ? first.exchange.sent : Number.POSITIVE_INFINITY;
}

function nextSuccess(server: Server, call: Call): Call | null {
  for (const later of callsAfter(server, call.exchange.answered - HEADER_LEAD)) {
    if (later !== call && isSameOperation(later, call) && later.status >= 200 && later.status < 300) return later;
  }
  return null;
}
