import { type Exchange, header } from '../../../exchange/exchange.ts';
import { parseUrl } from '../../../protocol/url.ts';
import { namesServer } from '../../../rules/shared/tokens/token-origin.ts';
import type { Grant, Server, Token } from '../../../story/model.ts';
import type { StoryIndex } from './story-index.ts';

/** Whether what a token says agrees with what the traffic shows; `unknown`: one of the two is not there. */
export type Agreement = 'match' | 'mismatch' | 'unknown';

export interface TokenFacts {
  /** `aud` against the MCP server that the token was got for, or sent to. */
  readonly audience: { readonly said: readonly string[]; readonly server: string | null; readonly state: Agreement };
  /** `iss` against the issuer whose token endpoint issued it. */
  readonly issuer: { readonly said: string | null; readonly known: string | null; readonly state: Agreement };
  /** `client_id` or `azp` against the client that asked. */
  readonly client: { readonly said: string | null; readonly known: string | null; readonly state: Agreement };
  /** Entries that carried it after it had expired. */
  readonly late: ReadonlySet<number>;
  /** The issuing that took its place in its family; null while it is the latest of its kind. */
  readonly replacedBy: { readonly token: string; readonly entry: number } | null;
}

/** What the traffic says of a token beside what it says of itself. */
export function tokenFacts(token: Token, index: StoryIndex): TokenFacts {
  const server = token.grant?.server ?? serverUsedAt(token, index);
  const { jwt, grant, expiresAt } = token;
  const said = jwt?.audience ?? [];
  // An ID token is for the client, not for the resource (OIDC Core section 2).
  const forClient = token.kind === 'id';
  const named = forClient ? (grant?.clientId ?? null) : (server?.url ?? null);
  const names = (one: string): boolean => (forClient ? one === named : server !== null && namesServer(one, server));
  return {
    audience: {
      said,
      server: named,
      state: said.length === 0 || named === null ? 'unknown' : said.some(names) ? 'match' : 'mismatch',
    },
    issuer: agreement(jwt?.issuer ?? null, grant?.issuer ?? null),
    client: agreement(jwt?.clientId ?? null, grant?.clientId ?? null),
    late: new Set(
      expiresAt === null ? [] : token.uses.filter((entry) => (index.exchanges[entry]?.sent ?? 0) > expiresAt),
    ),
    replacedBy: successor(token, index),
  };
}

function agreement(said: string | null, known: string | null) {
  const state: Agreement = said === null || known === null ? 'unknown' : said === known ? 'match' : 'mismatch';
  return { said, known, state };
}

function serverUsedAt(token: Token, { calls, story }: StoryIndex): Server | null {
  for (const entry of token.uses) {
    const url = calls.get(entry)?.server;
    if (url !== undefined) return story.servers.find((server) => server.url === url) ?? null;
  }
  return null;
}

function successor(token: Token, { story }: StoryIndex): TokenFacts['replacedBy'] {
  const from = token.issuedBy?.exchange.sent ?? Number.NEGATIVE_INFINITY;
  const next = story.tokens.find(
    (other) =>
      other.kind === token.kind &&
      other.grant !== null &&
      other.grant === token.grant &&
      other !== token &&
      (other.issuedBy?.exchange.sent ?? Number.NEGATIVE_INFINITY) > from,
  );
  return next?.issuedBy == null ? null : { token: next.id, entry: next.issuedBy.exchange.entry };
}

/** One issuing of tokens: the code exchange, then each refresh. */
export interface Issuing {
  /** null: before the recording. */
  readonly entry: number | null;
  readonly tokens: readonly Token[];
}

/** The tokens of one grant, in the order in which they were issued. */
export interface TokenFamily {
  readonly grant: Grant | null;
  readonly issuings: readonly Issuing[];
}

/** Every token of the story, by family; tokens of unknown descent come last. */
export function tokenFamilies({ story }: StoryIndex): readonly TokenFamily[] {
  const families = new Map<Grant | null, Map<number | null, Token[]>>();
  for (const token of story.tokens) {
    const issuings = families.get(token.grant) ?? new Map<number | null, Token[]>();
    families.set(token.grant, issuings);
    const entry = token.issuedBy?.exchange.entry ?? null;
    const known = issuings.get(entry);
    if (known === undefined) issuings.set(entry, [token]);
    else known.push(token);
  }
  return [...families]
    .sort(([a], [b]) => Number(a === null) - Number(b === null))
    .map(([grant, issuings]) => ({
      grant,
      issuings: [...issuings].map(([entry, tokens]) => ({ entry, tokens })),
    }));
}

/** Where the keys of a token's issuer can be had. */
export interface KeySource {
  readonly issuer: string;
  /** `jwks_uri` of the issuer's metadata, as written there. */
  readonly jwksUri: string | null;
  /** Key sets that the recording holds, the latest first. */
  readonly recorded: readonly { readonly entry: number; readonly text: string }[];
  /** Origin of the client's page, as its requests say. */
  readonly page: string | null;
}

/** The issuer whose token endpoint issued it; for a token from before the recording, the one it names, if it is known. */
export function keySource(token: Token, { story, exchanges }: StoryIndex): KeySource | null {
  const issuer = token.grant?.issuer ?? token.jwt?.issuer ?? null;
  const server = story.authorizationServers.find((one) => one.issuer === issuer);
  if (issuer === null || server === undefined) return null;
  const documents = server.metadata.toReversed();
  const recorded = [...story.rolesBesideCalls].flatMap(([entry, role]) => {
    const body = role.kind === 'jwks' && role.issuer === issuer ? exchanges[entry]?.response.body : undefined;
    return body?.state === 'whole' ? [{ entry, text: body.text }] : [];
  });
  return {
    issuer,
    jwksUri: documents.flatMap(({ metadata }) => metadata.jwksUri ?? [])[0] ?? null,
    recorded: recorded.toReversed(),
    page: pageOf([token.issuedBy?.exchange, ...token.uses.slice(0, 20).map((entry) => exchanges[entry])]),
  };
}

function pageOf(exchanges: readonly (Exchange | undefined)[]): string | null {
  for (const exchange of exchanges) {
    if (exchange === undefined) continue;
    const { headers } = exchange.request;
    const page = parseUrl(header(headers, 'origin') ?? header(headers, 'referer') ?? '');
    if (page !== null && page.origin !== 'null') return page.origin;
  }
  return null;
}
