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

/** What the story says about each entry, found by the entry's index. */
export interface StoryIndex {
  readonly exchanges: readonly Exchange[];
  readonly story: Story;
  readonly outcomes: readonly Outcome[];
  role(entry: number): Role | null;
  readonly calls: ReadonlyMap<number, Call>;
  readonly grants: ReadonlyMap<number, Grant>;
  readonly tokenExchanges: ReadonlyMap<number, TokenExchange>;
  readonly registrations: ReadonlyMap<number, Registration>;
  readonly serverMetadata: ReadonlyMap<number, ServerMetadata>;
  readonly authorizationServerMetadata: ReadonlyMap<number, AuthorizationServerDocument>;
  readonly recoveries: ReadonlyMap<number, Recovery>;
  readonly tokens: ReadonlyMap<string, Token>;
  /** Indices of outcomes whose evidence names the entry; faults first. */
  readonly findings: ReadonlyMap<number, readonly number[]>;
}

/** Indexes one analysis; linear in its size. */
export function indexStory({ story, exchanges, result }: Analysis): StoryIndex {
  const calls = new Map<number, Call>();
  const serverMetadata = new Map<number, ServerMetadata>();
  for (const server of story.servers) {
    for (const call of server.calls) calls.set(call.exchange.entry, call);
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
    role: (entry) => story.roles.get(entry) ?? null,
    calls,
    grants,
    tokenExchanges,
    registrations: new Map(story.registrations.map((registration) => [registration.exchange.entry, registration])),
    serverMetadata,
    authorizationServerMetadata,
    recoveries: new Map(story.recoveries.map((recovery) => [recovery.call.exchange.entry, recovery])),
    tokens: new Map(story.tokens.map((token) => [token.id, token])),
    findings: indexFindings(result.outcomes),
  };
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
