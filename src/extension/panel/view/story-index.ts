import type { Exchange } from '../../../exchange/exchange.ts';
import type { Analysis } from '../../../report/analysis.ts';
import type { Outcome } from '../../../rules/outcome.ts';
import type {
  AuthorizationServerDocument,
  Call,
  Grant,
  Recovery,
  Registration,
  Role,
  ServerMetadata,
  Story,
  Token,
  TokenExchange,
} from '../../../story/model.ts';
import { firstFrom } from '../../../story/order.ts';

/** What of a Map is needed to look something up: the many are found without being listed. */
export type Lookup<T> = Pick<ReadonlyMap<number, T>, 'get'>;

/** What the story says about each entry, found by the entry's index. */
export interface StoryIndex {
  readonly exchanges: readonly Exchange[];
  readonly story: Story;
  readonly outcomes: readonly Outcome[];
  role(entry: number): Role | null;
  readonly calls: Lookup<Call>;
  readonly grants: ReadonlyMap<number, Grant>;
  readonly tokenExchanges: ReadonlyMap<number, TokenExchange>;
  readonly registrations: ReadonlyMap<number, Registration>;
  readonly serverMetadata: ReadonlyMap<number, ServerMetadata>;
  readonly authorizationServerMetadata: ReadonlyMap<number, AuthorizationServerDocument>;
  readonly recoveries: ReadonlyMap<number, Recovery>;
  readonly tokens: ReadonlyMap<string, Token>;
  /** Indices of outcomes whose evidence names the entry; faults first. */
  readonly findings: ReadonlyMap<number, readonly number[]>;
  /** How many exchanges are part of the story. */
  readonly size: number;
}

/** Indexes one analysis; costs no more for many ordinary calls. */
export function indexStory({ story, exchanges, result }: Analysis): StoryIndex {
  const serverMetadata = new Map<number, ServerMetadata>();
  for (const server of story.servers) {
    for (const document of server.metadata) serverMetadata.set(document.exchange.entry, document);
  }
  const authorizationServerMetadata = new Map<number, AuthorizationServerDocument>();
  for (const server of story.authorizationServers) {
    for (const document of server.metadata) authorizationServerMetadata.set(document.exchange.entry, document);
  }
  const grants = new Map<number, Grant>();
  const tokenExchanges = new Map<number, TokenExchange>();
  for (const grant of story.grants) {
    for (const part of [grant.authorization, grant.callback, grant.token, ...grant.refreshes]) {
      if (part !== null) grants.set(part.exchange.entry, grant);
    }
    for (const part of [grant.token, ...grant.refreshes]) {
      if (part !== null) tokenExchanges.set(part.exchange.entry, part);
    }
  }
  return {
    exchanges,
    story,
    outcomes: result.outcomes,
    role: story.roleOf,
    calls: { get: (entry) => callOf(entry, story, exchanges) },
    grants,
    tokenExchanges,
    registrations: new Map(story.registrations.map((registration) => [registration.exchange.entry, registration])),
    serverMetadata,
    authorizationServerMetadata,
    recoveries: new Map(story.recoveries.map((recovery) => [recovery.call.exchange.entry, recovery])),
    tokens: new Map(story.tokens.map((token) => [token.id, token])),
    findings: indexFindings(result.outcomes),
    size: story.rolesBesideCalls.size + story.servers.reduce((sum, server) => sum + server.calls.length, 0),
  };
}

/** Finds a call among its server's, which stand in time order. */
function callOf(entry: number, story: Story, exchanges: readonly Exchange[]): Call | undefined {
  const sent = exchanges[entry]?.sent ?? Number.NaN;
  const role = story.roleOf(entry);
  if (role?.kind !== 'mcp') return undefined;
  const calls = story.servers.find(({ url }) => url === role.server)?.calls ?? [];
  for (let at = firstFrom(calls, sent); ; at += 1) {
    const call = calls[at];
    if (call === undefined || call.exchange.sent > sent) return undefined;
    if (call.exchange.entry === entry) return call;
  }
}

/** Only faults and informational outcomes mark a row: a pass is no news. */
function indexFindings(outcomes: readonly Outcome[]): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const kind of ['fail', 'informational'] as const) {
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.kind !== kind) continue;
      for (const { entry } of outcome.evidence) {
        const known = found.get(entry);
        if (known === undefined) found.set(entry, [index]);
        else if (!known.includes(index)) known.push(index);
      }
    }
  }
  return found;
}
