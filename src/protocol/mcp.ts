import { type Exchange, header } from '../exchange/exchange.ts';
import { bearerChallenge } from './challenge.ts';
import { arrayMember, asObject, canonicalJson, type JsonObject, member, stringMember } from './json.ts';
import { isRpcRequest, type RpcMessage, type RpcRequest, readRpcBody } from './json-rpc.ts';
import { isEventStreamType } from './media-type.ts';
import { parseEventStream } from './sse.ts';
import { readPlace } from './url.ts';

/** The revisions of the MCP specification that have authorization, oldest first. */
export const revisions = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof revisions)[number];

/** The revision of that name, null when there is none. */
export function asRevision(text: string): Revision | null {
  return revisions.find((revision) => revision === text) ?? null;
}

const methods: ReadonlySet<string> = new Set([
  'initialize',
  'server/discover',
  'ping',
  'completion/complete',
  'logging/setLevel',
  'subscriptions/listen',
]);
const methodFamilies = [
  'tools/',
  'resources/',
  'prompts/',
  'tasks/',
  'elicitation/',
  'sampling/',
  'roots/',
  'notifications/',
];

/** Whether a JSON-RPC method is one of MCP's, in any revision. */
export function isMcpMethod(method: string): boolean {
  return methods.has(method) || methodFamilies.some((family) => method.startsWith(family) && method !== family);
}

/** What in one exchange speaks for MCP, in points; three make an endpoint. */
export interface McpSignals {
  /** Points of the request: method, headers, `Accept`. */
  readonly request: number;
  /** Points of the response: session, JSON-RPC events, MCP results, challenge. */
  readonly response: number;
  /**
   * Points of `MCP-Protocol-Version`, which clients send on discovery requests too: they count only at a
   * URL that has other points.
   */
  readonly version: number;
  /** Points of the path's last segment, which only break a tie. */
  readonly path: number;
  /** The MCP methods that were called. */
  readonly methods: readonly string[];
}

/** Points of one exchange, 3 or more for an MCP endpoint. The caller has ruled OAuth endpoints out. */
export function mcpScore(exchange: Exchange): number {
  const { request, response, version, path } = mcpSignals(exchange);
  const own = request + response;
  return own === 0 ? 0 : own + version + path;
}

/** What in one exchange speaks for MCP. */
export function mcpSignals(exchange: Exchange): McpSignals {
  const path = readPlace(exchange.url)?.path ?? '';
  const pathPoints = ['/mcp', '/sse', '/message', '/messages'].some((end) => path.endsWith(end)) ? 1 : 0;
  if (exchange.part === 'preflight') {
    return { request: preflightPoints(exchange), response: 0, version: 0, path: pathPoints, methods: [] };
  }
  const body = exchange.request.body;
  const sent = exchange.method === 'POST' ? readRpcBody(body.text, body.mimeType).filter(isRpcRequest) : [];
  const called = sent.map((request) => request.method).filter(isMcpMethod);
  const named = exchange.request.headers.some((field) => isMcpHeader(field.name) && !isVersionHeader(field.name));
  // Other protocols speak JSON-RPC over HTTP and event streams too.
  const foreign = sent.length > 0 && called.length === 0 && !named;
  const request = (called.length > 0 ? 3 : 0) + (named ? 3 : 0) + (foreign ? 0 : acceptPoints(exchange));
  return {
    request,
    response: responsePoints(exchange, foreign),
    version: exchange.request.headers.some((field) => isVersionHeader(field.name)) ? 3 : 0,
    path: pathPoints,
    methods: called,
  };
}

/**
 * What a request asks for, so that a repetition can be told: method, `name` or `uri`, and `arguments`;
 * for methods without a name, all parameters. `_meta` and the answers of a multi round-trip request
 * (`inputResponses`, `requestState`) do not make another operation.
 */
export function operation(request: RpcRequest): string {
  const params = request.params;
  if (params === null) return request.method;
  const name = stringMember(params, 'name') ?? stringMember(params, 'uri');
  if (name !== null) return `${request.method} ${canonicalJson([name, member(params, 'arguments') ?? {}])}`;
  const kept = Object.entries(params).filter(([key]) => !incidental.has(key));
  return kept.length === 0 ? request.method : `${request.method} ${canonicalJson(kept.sort(byKey))}`;
}

const incidental: ReadonlySet<string> = new Set(['_meta', 'inputResponses', 'requestState']);

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function preflightPoints(exchange: Exchange): number {
  const asked = header(exchange.request.headers, 'access-control-request-headers') ?? '';
  return asked.split(',').some((name) => isMcpHeader(name.trim())) ? 1 : 0;
}

function acceptPoints(exchange: Exchange): number {
  if (exchange.method !== 'POST') return 0;
  const accept = (header(exchange.request.headers, 'accept') ?? '').toLowerCase();
  return accept.includes('application/json') && accept.includes('text/event-stream') ? 1 : 0;
}

function responsePoints(exchange: Exchange, foreign: boolean): number {
  const { headers, body, status } = exchange.response;
  let points = 0;
  if (header(headers, 'mcp-session-id') !== null) points += 3;
  if (exchange.method === 'POST' && status === 401) {
    const challenge = header(headers, 'www-authenticate');
    if (challenge !== null && bearerChallenge(challenge)?.resourceMetadata != null) points += 2;
  }
  if (body.text === '') return points;
  if (isLegacyEndpointStream(exchange)) points += 3;
  const messages = readRpcBody(body.text, body.mimeType);
  if (messages.length > 0 && !foreign && isEventStreamType(body.mimeType)) points += 2;
  if (messages.some(hasMcpResult)) points += 2;
  return points;
}

/** The HTTP+SSE transport of 2024-11-05: the first event names the URL to post to. */
function isLegacyEndpointStream(exchange: Exchange): boolean {
  const { text, mimeType } = exchange.response.body;
  if (exchange.method !== 'GET' || !isEventStreamType(mimeType)) return false;
  return parseEventStream(text.slice(0, 4096))[0]?.event === 'endpoint';
}

function hasMcpResult(message: RpcMessage): boolean {
  if (isRpcRequest(message) || message.result === null) return false;
  const result = message.result;
  if (stringMember(result, 'resultType') !== null) return true;
  if (Object.hasOwn(result, 'protocolVersion') && Object.hasOwn(result, 'serverInfo')) return true;
  if (arrayMember(result, 'content') !== null && Object.hasOwn(result, 'isError')) return true;
  const tools = arrayMember(result, 'tools');
  return tools?.some((tool) => Object.hasOwn(asObject(tool) ?? nothing, 'inputSchema')) ?? false;
}

const nothing: JsonObject = {};

function isVersionHeader(name: string): boolean {
  return name.toLowerCase() === 'mcp-protocol-version';
}

function isMcpHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    lower === 'mcp-protocol-version' ||
    lower === 'mcp-session-id' ||
    lower === 'mcp-method' ||
    lower === 'mcp-name' ||
    lower.startsWith('mcp-param-')
  );
}
