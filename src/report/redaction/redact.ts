import type { Exchange } from '../../exchange/exchange.ts';
import type { Evidence } from '../../rules/outcome.ts';
import type { RoleKind, Story } from '../../story/model.ts';
import type { Analysis } from '../analysis.ts';
import type { Result } from '../result.ts';
import {
  asFields,
  type EntryPlace,
  type Fields,
  mapFields,
  rewriteEntry,
  rewriteUnknown,
  skeletonOf,
} from './entry.ts';
import { type Kind, personalKinds } from './names.ts';
import { defaultRedaction, type RedactionOptions } from './options.ts';
import { Scribe } from './scribe.ts';
import { Vault } from './vault.ts';

export { defaultRedaction, type RedactionLevel, type RedactionOptions } from './options.ts';

/** A file's secrets, named: rewrites the HAR and any text that came from it. */
export interface Redaction {
  /** A redacted copy of the input's `log` object. */
  readonly log: unknown;
  /** Redacts text that was drawn from the same file. */
  text(text: string): string;
  /** Redacts every string of a result that was drawn from the same file. */
  result(result: Result): Result;
  /** What was found and by what it is replaced: for whoever is to see it before it is written. */
  replaced(): Iterable<Replaced>;
}

/** A secret or a personal text, and its alias. */
export interface Replaced {
  readonly kind: Kind;
  readonly original: string;
  readonly alias: string;
}

/**
 * Redacts an analysed HAR. The input is not changed. Each secret has one alias in
 * the whole file; the aliases of tokens are their ids in the story. Redacting a
 * redacted file changes nothing.
 */
export function redact(analysis: Analysis, options: RedactionOptions = defaultRedaction): Redaction {
  if (options.level === 'none') {
    return {
      log: withoutContent(analysis, options),
      text: (text) => text,
      result: (result) => result,
      replaced: () => [],
    };
  }
  const log = asFields(analysis.log) ?? {};
  const vault = new Vault(analysis.story.tokens, isMarked(log), keptKinds(options));
  for (const word of publicWords(analysis.story)) vault.publish(word);
  rewriteLog(log, analysis, { ...options, allContent: true }, new Scribe(vault, null));
  const finder = vault.seal();
  const scribe = new Scribe(vault, finder);
  const ours = new Scribe(vault, finder, false);
  let copy: { readonly log: unknown } | null = null;
  return {
    // Many reports need the texts only.
    get log() {
      copy ??= { log: sweep(rewriteLog(log, analysis, options, scribe), scribe, 0) };
      return copy.log;
    },
    text: (text) => ours.text(text),
    result: (result) => redactResult(result, (text) => ours.text(text)),
    replaced: () => vault.replaced(),
  };
}

function keptKinds(options: RedactionOptions): ReadonlySet<Kind> {
  if (options.level === 'tokens') return personalKinds;
  return options.conversation ? new Set<Kind>(['text']) : new Set<Kind>();
}

/** `log._mcpAuth.source.redacted`, as our own exports carry it: aliases in such a file stay. */
function isMarked(log: Fields): boolean {
  return asFields(asFields(log._mcpAuth)?.source)?.redacted === true;
}

/** Values the story knows to be public, which a password or a form's field may equal by chance. */
function publicWords(story: Story): readonly string[] {
  return [
    ...story.servers.map((server) => server.url),
    ...story.authorizationServers.map((server) => server.issuer),
    ...story.grants.flatMap((grant) => [...(grant.requested ?? []), ...(grant.granted ?? []), grant.clientId ?? '']),
    ...protocolWords,
  ];
}

const protocolWords: readonly string[] = [
  'authorization_code',
  'refresh_token',
  'access_token',
  'offline_access',
  'select_account',
  'client_credentials',
  'client_secret_basic',
  'client_secret_post',
  'invalid_token',
  'insufficient_scope',
  'authorization',
  'application/json',
  'text/event-stream',
  'application/x-www-form-urlencoded',
  'response_type',
  'redirect_uri',
  'client_id',
  'code_challenge',
  'code_verifier',
  'password',
  'username',
  'localhost',
];

function rewriteLog(log: Fields, analysis: Analysis, options: RedactionOptions, scribe: Scribe): Fields {
  const inStory = options.allContent ? null : storyEntries(analysis);
  const shown = mapFields(log, (key, value) => {
    if (key === '_mcpAuth' || key === 'version') return value;
    if (key === 'entries' && Array.isArray(value)) {
      return value.map((entry: unknown, index) => {
        if (inStory?.has(index) === false) return skeletonOf(entry, scribe);
        return rewriteEntry(entry, placeOf(analysis.story.roles.get(index)?.kind), scribe);
      });
    }
    if (key === 'pages' && Array.isArray(value)) return value.map((page: unknown) => rewritePage(page, scribe));
    return rewriteUnknown(value, key, scribe, 0);
  });
  // An earlier mark says all there is to say; its other notes are never trusted.
  return { ...shown, _mcpAuth: { source: { redacted: true } } };
}

/** A last look at every string, whatever it is for: no known secret stays. */
function sweep(value: unknown, scribe: Scribe, depth: number): unknown {
  if (typeof value === 'string') return scribe.known(value);
  if (typeof value !== 'object' || value === null || depth > 110) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => sweep(item, scribe, depth + 1));
  return mapFields(value as Fields, (_, item) => sweep(item, scribe, depth + 1));
}

/** A page's title is its address in Chromium and may be anybody's name elsewhere: its address without query stays. */
function rewritePage(page: unknown, scribe: Scribe): unknown {
  const fields = asFields(page);
  if (fields === null) return null;
  return mapFields(fields, (key, value) => {
    if (key !== 'title' || typeof value !== 'string')
      return rewriteUnknown(value, key === 'id' ? null : key, scribe, 0);
    const end = value.search(/[?#]/);
    return /^https?:\/\//.test(value)
      ? scribe.address(end < 0 ? value : value.slice(0, end))
      : scribe.name('text', value);
  });
}

function placeOf(role: RoleKind | undefined): EntryPlace {
  return {
    ownPage: role === 'authorization-page',
    model: role === 'model',
    claims: role === 'userinfo' || role === 'introspection',
  };
}

/**
 * Entries that keep their content: those with a role, the preflights and twins of
 * such, whatever an outcome points at, and other requests to the same endpoints.
 */
export function storyEntries(analysis: Analysis): ReadonlySet<number> {
  const { story, exchanges, result } = analysis;
  const entries = new Set<number>(story.roles.keys());
  for (const outcome of result.outcomes) for (const { entry } of outcome.evidence) entries.add(entry);
  for (const { exchange, preflight } of story.crossOrigin) {
    entries.add(exchange.entry);
    if (preflight !== null) entries.add(preflight.entry);
  }
  const endpoints = new Set<string>();
  for (const entry of entries) {
    const exchange = exchanges[entry];
    if (exchange !== undefined) endpoints.add(endpointOf(exchange));
  }
  for (const exchange of exchanges) {
    const endpoint = endpointOf(exchange);
    if (endpoints.has(endpoint) || isProxySession(endpoint)) entries.add(exchange.entry);
  }
  return entries;
}

/** MCP Inspector's proxy says which server and token a session has when it is opened, not in each message. */
function isProxySession(endpoint: string): boolean {
  return endpoint.endsWith('/api/mcp/connect') || endpoint.endsWith('/api/mcp/auth-state');
}

function endpointOf(exchange: Exchange): string {
  const end = exchange.url.search(/[?#]/);
  return end < 0 ? exchange.url : exchange.url.slice(0, end);
}

/** Nothing is redacted, but what lies outside the story still goes unless asked for. */
function withoutContent(analysis: Analysis, options: RedactionOptions): unknown {
  const log = asFields(analysis.log);
  if (log === null || options.allContent) return analysis.log;
  const scribe = new Scribe(new Vault([], true, new Set()), null);
  const inStory = storyEntries(analysis);
  return mapFields(log, (key, value) =>
    key === 'entries' && Array.isArray(value)
      ? value.map((entry: unknown, index) => (inStory.has(index) ? entry : skeletonOf(entry, scribe)))
      : value,
  );
}

/** Rewrites every string of a result; ids, rule names and times pass through unchanged by nature. */
function redactResult(result: Result, text: (text: string) => string): Result {
  const texts = (values: readonly string[] | null): readonly string[] | null => values?.map(text) ?? null;
  const evidence = (one: Evidence): Evidence => ({ ...one, note: text(one.note) });
  const { story } = result;
  return {
    ...result,
    source: {
      ...result.source,
      creator: text(result.source.creator),
      problems: result.source.problems.map((problem) => ({ ...problem, problem: text(problem.problem) })),
    },
    story: {
      servers: story.servers.map((server) => ({ ...server, url: text(server.url), issuers: server.issuers.map(text) })),
      authorizationServers: story.authorizationServers.map((server) => ({
        issuer: text(server.issuer),
        scopesSupported: texts(server.scopesSupported),
        codeChallengeMethods: texts(server.codeChallengeMethods),
      })),
      clients: story.clients.map((client) => ({
        ...client,
        clientId: text(client.clientId),
        issuer: text(client.issuer),
        grantTypes: texts(client.grantTypes),
      })),
      grants: story.grants.map((grant) => ({
        ...grant,
        server: text(grant.server),
        issuer: text(grant.issuer),
        clientId: text(grant.clientId),
        requested: texts(grant.requested),
        granted: texts(grant.granted),
      })),
      tokens: story.tokens.map((token) => ({ ...token, scope: texts(token.scope) })),
      recoveries: story.recoveries,
    },
    outcomes: result.outcomes.map((outcome) => ({
      ...outcome,
      subject: text(outcome.subject),
      message: text(outcome.message),
      evidence: outcome.evidence.map(evidence),
      fix: text(outcome.fix),
    })),
    ...(result.expectations === undefined
      ? {}
      : {
          expectations: result.expectations.map((one) => ({
            ...one,
            server: one.server === null ? null : text(one.server),
          })),
        }),
  };
}
