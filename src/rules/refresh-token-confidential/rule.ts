import { header } from '../../exchange/exchange.ts';
import { readPlace } from '../../protocol/url.ts';
import type { Chain, RoleKind, Server, Sighting, Story, Token } from '../../story/model.ts';
import { isLocal, isPlaintext } from '../../story/plaintext.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { few } from '../shared/evidence/short.ts';
import { mcp, oauth21, rfc } from '../shared/spec/links.ts';
import { isSameSite } from '../shared/tokens/trusted-origins.ts';

/** RFC 6749 section 10.4: a refresh token is for its issuer and its client alone, and travels over TLS. */
export const rule = defineRule({
  id: 'refresh-token-confidential',
  title: 'Refresh token sent where it does not belong',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'refresh-tokens'),
    mcp('2025-11-25', 'token-theft'),
    mcp('2025-06-18', 'token-theft'),
    mcp('2025-03-26', 'security-considerations'),
    oauth21('4.3'),
    rfc(6749, '10.4'),
  ],
  fix: 'Send the refresh token only to the token endpoint of its issuer, in the body, over TLS.',
  *judge(story) {
    const chains = new Map(story.chains.map((chain) => [chain.id, chain]));
    const known = new Map<string, Whereabouts>();
    for (const token of story.tokens) {
      const chain = token.grant ? chains.get(token.grant.chain) : undefined;
      if (token.kind !== 'refresh' || !chain?.server) continue;
      const where = known.get(chain.id) ?? new Whereabouts(story, chain);
      known.set(chain.id, where);
      const judgement = judge(where, token, chain.server);
      if (judgement) yield { ...judgement, occasion: token.id };
    }
  },
});

function judge(where: Whereabouts, token: Token, server: Server): Judgement | null {
  const subject = server.url;
  const sightings = where.story.sightings(token.value);
  const judged = sightings.map((sighting) => ({ sighting, verdict: where.verdictOn(sighting) }));
  const leaks = judged.flatMap(({ sighting, verdict }) =>
    verdict.kind === 'leak' ? [{ sighting, what: verdict.what }] : [],
  );
  const [leak] = leaks;
  if (leak) {
    const seen = few(leaks).map(({ sighting, what }) => shown(sighting, what));
    return { kind: 'fail', subject, message: `The refresh token ${leak.what}.`, evidence: seen };
  }
  const doubtful = judged.find(({ verdict }) => verdict.kind === 'doubt');
  if (doubtful) {
    const host = readPlace(doubtful.sighting.exchange.url)?.host ?? '';
    const message = `The refresh token was sent to ${host}; whether that is the client's own back end is not in the log.`;
    return { kind: 'open', subject, message, evidence: [shown(doubtful.sighting, host)], missing: ['client-back-end'] };
  }
  const [first] = sightings;
  if (!first && !token.issuedBy) return null;
  const seen = first ? shown(first, 'refresh_token') : token.issuedBy ? tokenAnswerOf(token.issuedBy) : null;
  const message = first ? 'The refresh token was sent to its issuer alone.' : 'The refresh token was sent nowhere.';
  return { kind: 'pass', subject, message, evidence: seen ? [seen] : [] };
}

function shown({ exchange, part }: Sighting, note: string) {
  return evidence(exchange, part, note);
}

type Verdict = { readonly kind: 'fine' | 'doubt' } | { readonly kind: 'leak'; readonly what: string };
const FINE: Verdict = { kind: 'fine' };

/** Who is who to one refresh token: its issuer, the client's own origins, and everybody else. */
class Whereabouts {
  readonly story: Story;
  readonly #endpoints: ReadonlySet<string | null>;
  readonly #issuerOrigins: ReadonlySet<string | null>;
  /** Hosts and origins of the client: where it is redirected to, and where its requests come from. */
  readonly #clientOrigins: ReadonlySet<string | null>;

  constructor(story: Story, { grants, issuer }: Chain) {
    this.story = story;
    const exchanges = grants.flatMap(({ token, refreshes }) => (token ? [token, ...refreshes] : refreshes));
    const documents = story.authorizationServers.find((known) => known.issuer === issuer)?.metadata ?? [];
    const urls = documents.flatMap(({ metadata }) => [
      metadata.tokenEndpoint,
      metadata.revocationEndpoint,
      metadata.introspectionEndpoint,
    ]);
    const used = exchanges.filter((exchange) => exchange.issuer === issuer).map(({ exchange }) => exchange.url);
    const all = [...urls, ...used].map((url) => (url === null ? null : readPlace(url)));
    this.#endpoints = new Set(all.map((target) => target?.endpoint ?? null));
    this.#issuerOrigins = new Set(all.map((target) => target?.origin ?? null));
    const own = [
      ...grants.map(({ authorization }) => authorization?.request.redirectUri ?? null),
      ...exchanges.flatMap(({ exchange, request }) => [
        request.redirectUri,
        header(exchange.request.headers, 'origin'),
      ]),
    ];
    this.#clientOrigins = new Set(own.map((url) => (url === null ? null : (readPlace(url)?.origin ?? null))));
  }

  verdictOn({ exchange, part }: Sighting): Verdict {
    const target = readPlace(exchange.url);
    if (!target) return FINE;
    if (this.#clientOrigins.has(target.origin)) return FINE;
    const bare = isPlaintext(exchange.url);
    // In the token endpoint's own URL it is the matter of token-request-post-form.
    if (this.#endpoints.has(target.endpoint)) return bare ? leak('was sent without TLS') : FINE;
    const role = this.#roleOf(exchange.entry);
    if (this.#issuerOrigins.has(target.origin) && role !== 'mcp' && role !== 'model') {
      return bare ? leak('was sent without TLS') : FINE;
    }
    // Another authorization server's endpoint is the matter of refresh-to-issuing-as.
    if (role !== null && AUTHORIZATION_SERVERS.has(role)) return FINE;
    if (part === 'request.headers.referer') return leak(`was passed on to ${target.host} in a Referer header`);
    if (role === 'mcp') return leak(`was sent to the MCP server at ${target.host}`);
    if (role === 'model') return leak(`was sent to a language model at ${target.host}`);
    if (part === 'request.url') return leak(`is in the URL of a request to ${target.host}`);
    if (this.#isNear(exchange.url)) return { kind: 'doubt' };
    return leak(`was sent to ${target.host}, which is not its issuer`);
  }

  #roleOf(entry: number): RoleKind | null {
    return this.story.roleOf(entry)?.kind ?? null;
  }

  /** Of the client's own site, as far as names tell: such a host may be its back end. */
  #isNear(url: string): boolean {
    for (const origin of this.#clientOrigins)
      if (origin !== null && ((isLocal(origin) && isLocal(url)) || isSameSite(origin, url))) return true;
    return false;
  }
}

/** Endpoints of authorization servers that take refresh tokens. */
const AUTHORIZATION_SERVERS: ReadonlySet<RoleKind> = new Set<RoleKind>([
  'refresh',
  'token-request',
  'revocation',
  'introspection',
]);

function leak(what: string): Verdict {
  return { kind: 'leak', what };
}
