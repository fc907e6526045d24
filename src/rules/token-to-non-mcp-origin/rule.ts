import { originOf } from '../../protocol/url.ts';
import type { RoleKind, Server, Story } from '../../story/model.ts';
import { isLocal } from '../../story/plaintext.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { few } from '../shared/evidence/short.ts';
import { times } from '../shared/evidence/words.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { callsByCredential, credentialOf } from '../shared/tokens/carried-tokens.ts';
import { type StraySighting, type StrayToken, strayTokens } from '../shared/tokens/stray-tokens.ts';
import { namesServer, resourcesOf } from '../shared/tokens/token-origin.ts';
import { isSameSite, type TrustedOrigins, trustedOrigins } from '../shared/tokens/trusted-origins.ts';

/** Whoever holds a bearer token can use it (RFC 6750 section 5.3). */
export const rule = defineRule({
  id: 'token-to-non-mcp-origin',
  title: 'Access token sent to somebody it is not for',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'token-theft', 'security-considerations'),
    mcp('2025-11-25', 'token-theft'),
    mcp('2025-06-18', 'token-theft'),
    mcp('2025-03-26', 'security-considerations'),
    rfc(6750, '5.3'),
  ],
  fix: 'Attach the access token to requests to its MCP server alone.',
  *judge(story) {
    const quiet = new Map<Server, boolean>();
    for (const stray of strayTokens(story)) {
      const found = [...judge(story, stray)];
      yield* found;
      const before = quiet.get(stray.server) ?? true;
      quiet.set(stray.server, before && found.length === 0 && !stray.short);
    }
    for (const [server, passed] of quiet) {
      const call = [...callsByCredential(server).values()][0]?.[0];
      if (!passed || !call) continue;
      const message = 'Access tokens for this server went nowhere else.';
      yield { kind: 'pass', subject: server.url, message, evidence: [credentialOf(call, 'the access token')] };
    }
  },
});

/** Endpoints of the authorization server or of discovery that take no access token of an MCP server. */
const TAKES_NONE: ReadonlyMap<RoleKind, string> = new Map([
  ['protected-resource-metadata', 'the protected resource metadata'],
  ['authorization-server-metadata', "the authorization server's metadata"],
  ['client-id-metadata-document', 'the client ID metadata document'],
  ['jwks', 'the key set'],
  ['authorization-request', 'the authorization endpoint'],
  ['pushed-authorization-request', 'the pushed authorization request endpoint'],
  ['registration', 'the registration endpoint'],
  ['token-request', 'the token endpoint'],
  ['refresh', 'the token endpoint'],
]);

function* judge(story: Story, { token, server, sightings }: StrayToken): Generator<Judgement> {
  const subject = server.url;
  // The URL, and other MCP servers, have rules of their own.
  const candidates = sightings.filter(
    ({ at, part }) => !at && part !== 'request.url' && part !== 'request.headers.referer',
  );
  if (candidates.length === 0) return;
  const trusted = trustedOrigins(story, token, server);
  const bound =
    resourcesOf(token).some((resource) => namesServer(resource, server)) ||
    (token.jwt?.audience.some((audience) => namesServer(audience, server)) ?? false);
  const redirects = redirectsOf(server);
  const needless: StraySighting[] = [];
  const told = new Map<string, StraySighting[]>();
  for (const sighting of candidates) {
    const kind = story.roleOf(sighting.exchange.entry)?.kind;
    if (kind !== undefined && TAKES_NONE.has(kind)) {
      if (sighting.part === 'request.headers.authorization') needless.push(sighting);
    } else if (isAbroad(sighting, trusted, server, redirects)) {
      const origin = originOf(sighting.exchange.url) ?? '';
      const list = told.get(origin);
      if (list) list.push(sighting);
      else told.set(origin, [sighting]);
    }
  }
  for (const [origin, list] of told) {
    const seen = few(list).map(({ exchange, part, range }) => evidence(exchange, part, 'the access token', range));
    const occasion = `${token.id} ${origin}`;
    const judged = { subject, occasion, evidence: seen };
    const claimed = token.jwt?.audience.some((audience) => originOf(audience) === origin) ?? false;
    const hosted = list.every(({ exchange }) => story.roleOf(exchange.entry)?.kind === 'model');
    if (hosted) {
      const message = `The access token was handed to ${origin}, which calls the MCP server on the client's behalf.`;
      yield { ...judged, kind: 'informational', message };
    } else if (claimed || !bound || isRelated(origin, trusted)) {
      const message = `The access token went to ${origin}; whether it is meant for it too, or belongs to the client, is not in the log.`;
      yield { ...judged, kind: 'open', message, missing: ['owner-of-the-origin'] };
    } else {
      const message = `The access token for this server was sent to ${origin} as well (${times(list.length)}).`;
      yield { ...judged, kind: 'fail', message };
    }
  }
  const [first] = needless;
  if (!first) return;
  const kind = story.roleOf(first.exchange.entry)?.kind;
  const where = (kind && TAKES_NONE.get(kind)) ?? 'an endpoint';
  const far = needless.find(({ exchange }) => !isSameSite(exchange.url, server.url));
  yield {
    kind: 'fail',
    level: far ? 'warning' : 'note',
    subject,
    occasion: `needless ${token.id}`,
    message: `The client sent the access token to ${where}, which takes none.`,
    evidence: few(far ? [far, ...needless.filter((one) => one !== far)] : needless).map(({ exchange, part, range }) =>
      evidence(exchange, part, 'the access token', range),
    ),
  };
}

/** Neither the server's origin, nor the authorization server's, nor the client's, nor a request whose business is tokens. */
function isAbroad(
  { exchange }: StraySighting,
  trusted: TrustedOrigins,
  server: Server,
  redirects: () => ReadonlySet<string>,
): boolean {
  const origin = originOf(exchange.url);
  if (origin === null || origin === originOf(server.url)) return false;
  if (trusted.issuer.has(origin) || trusted.client.has(origin) || exchange.envelope !== null) return false;
  // RFC 8693 and RFC 7523: another authorization server exchanges the token for one of its own.
  if (exchange.request.body.text.includes('grant_type')) return false;
  // A redirect that the user agent followed with the header still on it (RFC 9110 section 15.4).
  return !redirects().has(exchange.url);
}

/** Where answers of a server redirect to; read when it is asked for. */
function redirectsOf({ calls }: Server): () => ReadonlySet<string> {
  let found: ReadonlySet<string> | null = null;
  return () => {
    found ??= new Set(calls.flatMap(({ exchange }) => exchange.response.location ?? []));
    return found;
  };
}

/** Of one site with the client's page, or on this machine: most likely a backend of its own. */
function isRelated(origin: string, { client }: TrustedOrigins): boolean {
  return isLocal(origin) || [...client].some((own) => isSameSite(own, origin));
}
