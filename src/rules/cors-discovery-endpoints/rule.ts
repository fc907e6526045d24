import type { Exchange } from '../../exchange/exchange.ts';
import { header } from '../../exchange/exchange.ts';
import { originOf } from '../../protocol/url.ts';
import { isFromGateway } from '../../story/gateways.ts';
import type { CrossOriginRequest, RoleKind, Server, Story } from '../../story/model.ts';
import { oncePer } from '../../story/once.ts';
import type { Evidence, Party } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { FETCH_CORS, mcp } from '../shared/spec/links.ts';

/** Discovery, registration and token endpoints must answer across origins for a web client to work at all. */
export const rule = defineRule({
  id: 'cors-discovery-endpoints',
  title: 'Discovery, registration or token endpoint blocked by CORS',
  party: 'authorization-server',
  level: 'warning',
  since: null,
  spec: [FETCH_CORS, mcp('2026-07-28', 'overview')],
  fix: 'Answer with Access-Control-Allow-Origin on discovery, registration and token endpoints, and allow the mcp-protocol-version header.',
  *judge(story) {
    for (const request of story.crossOrigin) {
      const judgement = judge(story, request);
      if (judgement) yield judgement;
    }
  },
});

/** The same origin answered the page this close in time: the network was up (milliseconds). */
const REACHABLE_WINDOW = 60_000;
/** A client may repeat a blocked discovery without its extra header; the repeat counts (milliseconds). */
const REPEAT_WINDOW = 5000;

function judge(story: Story, request: CrossOriginRequest): Judgement | null {
  const { exchange, kind, preflight } = request;
  const owner = ownerOf(story, request);
  // A document that is not there was not kept from the page: discovery tries several places.
  const absent = exchange.method === 'GET' && exchange.response.status === 404;
  if (!owner || absent || exchange.fromCache || isRepeated(story, request)) return null;
  if (isPassingFailure(exchange) || isPrivileged(request.origin) || isUnenforced(story)) return null;
  const { party, subject } = owner;
  const where = NAMES[kind] ?? 'endpoint';
  const judged = { party, subject, occasion: `${exchange.method} ${exchange.url.split('?')[0]}` };
  const fail = (why: string, seen: readonly Evidence[]): Judgement => ({
    ...judged,
    kind: 'fail',
    message: `The page at ${request.origin} cannot use the ${where}: ${why}.`,
    evidence: seen,
  });
  const { status, headers } = exchange.response;
  if (preflight && isRefused(preflight, request.origin)) {
    const seen = [
      evidence(exchange, 'request.url', 'blocked'),
      evidence(preflight, 'response.status', `preflight answered ${preflight.response.status}`),
    ];
    if (status === 0 || exchange.error !== null) return fail('its preflight was refused', seen);
  }
  if (status > 0 && headers.length > 0) {
    const allowed = header(headers, 'access-control-allow-origin');
    const seen = evidence(
      exchange,
      allowed === null ? 'response.status' : 'response.headers.access-control-allow-origin',
      allowed ?? 'no Access-Control-Allow-Origin',
    );
    if (allows(exchange, request.origin))
      return { ...judged, kind: 'pass', message: `The ${where} answers across origins.`, evidence: [seen] };
    return fail(
      allowed === null ? 'the answer has no Access-Control-Allow-Origin' : `the answer allows ${allowed} only`,
      [seen],
    );
  }
  const shown = evidence(exchange, 'response.status', exchange.error ?? 'no answer');
  if (exchange.error === 'net::ERR_FAILED' && exchange.resourceType !== 'document' && wasReachable(story, request)) {
    return fail('the browser blocked it, most likely by CORS', [shown]);
  }
  const message = `The request to the ${where} got no answer; the recording does not say whether CORS was the reason.`;
  return { ...judged, kind: 'open', message, evidence: [shown], missing: ['failure-reason'] };
}

/** What a gateway says for itself, or a server that is overloaded, is no word on whom the endpoint admits (guard G15). */
function isPassingFailure(exchange: Exchange): boolean {
  const { status, headers } = exchange.response;
  if (status === 429 || status >= 500) return true;
  return status >= 400 && headers.length > 0 && isFromGateway(exchange);
}

/** A browser extension's own page reads what its host permissions allow, whatever the answer says. */
function isPrivileged(origin: string): boolean {
  return !origin.startsWith('http:') && !origin.startsWith('https:');
}

/** CORS is switched off in this browser: a token was put to use whose answer the page was not allowed to read. */
const isUnenforced = oncePer(({ crossOrigin, tokens }: Story): boolean => {
  const hidden = new Set(
    crossOrigin.flatMap(({ exchange, origin }) =>
      exchange.response.status === 200 && exchange.response.headers.length > 0 && !allows(exchange, origin)
        ? [exchange.entry]
        : [],
    ),
  );
  return tokens.some(({ issuedBy, uses }) => {
    const issued = issuedBy?.exchange.entry;
    return issued !== undefined && hidden.has(issued) && uses.some((entry) => entry !== issued);
  });
});

const NAMES: Partial<Record<RoleKind, string>> = {
  'protected-resource-metadata': 'protected resource metadata',
  'authorization-server-metadata': "authorization server's metadata",
  registration: 'registration endpoint',
  'token-request': 'token endpoint',
  refresh: 'token endpoint',
};

/** Whose endpoint it is; null when it concerns no MCP server (guard G21). */
function ownerOf(
  story: Story,
  { exchange, kind }: CrossOriginRequest,
): { readonly party: Party; readonly subject: string } | null {
  const role = story.roleOf(exchange.entry);
  if (kind === 'protected-resource-metadata') return role?.server ? { party: 'server', subject: role.server } : null;
  const origin = originOf(exchange.url);
  const server =
    story.servers.find(({ url }) => url === role?.server) ??
    story.servers.find(
      (one) => one.issuers.some((issuer) => issuer === role?.issuer) || issuerOrigins(one).has(origin),
    );
  return server ? { party: 'authorization-server', subject: server.url } : null;
}

const issuerOrigins = oncePer(({ issuers }: Server): ReadonlySet<string | null> => new Set(issuers.map(originOf)));

function isRepeated(story: Story, { exchange }: CrossOriginRequest): boolean {
  if (exchange.method !== 'GET' || exchange.response.status > 0) return false;
  return story.crossOrigin.some(
    (other) =>
      other.exchange !== exchange &&
      other.exchange.url === exchange.url &&
      other.exchange.sent >= exchange.sent &&
      other.exchange.sent - exchange.answered < REPEAT_WINDOW,
  );
}

function isRefused(preflight: Exchange, origin: string): boolean {
  const { status, headers } = preflight.response;
  return headers.length > 0 && (status < 200 || status >= 300 || !allows(preflight, origin));
}

function allows(exchange: Exchange, origin: string): boolean {
  const allowed = header(exchange.response.headers, 'access-control-allow-origin')?.trim();
  return allowed === '*' || allowed === origin;
}

function wasReachable(story: Story, { exchange, origin }: CrossOriginRequest): boolean {
  const target = originOf(exchange.url);
  return story.crossOrigin.some(
    (other) =>
      other.origin === origin &&
      other.exchange.response.status > 0 &&
      originOf(other.exchange.url) === target &&
      Math.abs(other.exchange.sent - exchange.sent) < REACHABLE_WINDOW,
  );
}
