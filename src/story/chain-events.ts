import { heededFrom } from './heeded.ts';
import type { Call, Chain, Grant, Server, Story, Token, TokenExchange } from './model.ts';
import { oncePer } from './once.ts';

/** What a chain did at the authorization server, in time order. */
export type ChainEvent =
  | { readonly kind: 'refresh'; readonly at: number; readonly refresh: TokenExchange; readonly grant: Grant }
  | { readonly kind: 'authorization'; readonly at: number; readonly grant: Grant };

/** Refreshes and authorizations of a chain sent at or after `since`, in order. */
export function eventsSince(chain: Chain, since: number): ChainEvent[] {
  const events: ChainEvent[] = [];
  for (const grant of chain.grants) {
    const began = (grant.authorization ?? grant.token)?.exchange.sent;
    if (began !== undefined) events.push({ kind: 'authorization', at: began, grant });
    for (const refresh of grant.refreshes) events.push({ kind: 'refresh', at: refresh.exchange.sent, refresh, grant });
  }
  return events.filter(({ at }) => at >= since).sort((one, other) => one.at - other.at);
}

/** A refused call with the token it carried and the chain that token belongs to. */
export interface Refusal {
  readonly call: Call;
  readonly server: Server;
  readonly token: Token | null;
  readonly chain: Chain | null;
  /** From when on what follows can answer it. */
  readonly since: number;
}

/** Refusals of authenticated calls, by server and time. */
export const refusals = oncePer((story: Story): readonly Refusal[] => {
  const tokens = new Map(story.tokens.map((token) => [token.value, token]));
  const chains = new Map(story.chains.map((chain) => [chain.id, chain]));
  return story.servers.flatMap((server) =>
    server.refused.flatMap((call): Refusal[] => {
      if (call.credential === null) return [];
      const token = tokens.get(call.credential) ?? null;
      const own = token?.grant ? (chains.get(token.grant.chain) ?? null) : null;
      return [
        {
          call,
          server,
          token,
          chain: own ?? claimedChain(story, server, token),
          since: heededFrom(call.exchange),
        },
      ];
    }),
  );
});

/** A token from before the log belongs to the server's only chain, unless its own claims name another client. */
function claimedChain(story: Story, server: Server, token: Token | null): Chain | null {
  const there = story.chains.filter((chain) => chain.server === server);
  const claimed = token?.jwt?.clientId ?? null;
  const fitting =
    claimed === null ? there : there.filter((chain) => chain.clientId === null || chain.clientId === claimed);
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}
