import type { Exchange, HeaderFields } from '../exchange/exchange.ts';
import { header } from '../exchange/exchange.ts';
import { formValue } from '../protocol/form.ts';
import type { JsonObject } from '../protocol/json.ts';
import { asObject, numberMember, objectMember, parseJson, stringMember } from '../protocol/json.ts';
import { readRpcBody } from '../protocol/json-rpc.ts';
import { readTarget } from '../protocol/url.ts';

/**
 * Unwraps the envelopes of MCP proxies (rules.md B.4), so that the story sees the
 * request that reached the server. MCP Inspector 2 keeps the server's address and
 * the token per proxy session; so this object remembers the sessions it saw.
 */
export class ProxyUnwrapper {
  readonly #sessions = new Map<string, ProxySession>();

  /** The request that the exchange stands for: itself, the inner one, or null for a proxy's own housekeeping. */
  unwrap(exchange: Exchange): Exchange | null {
    const target = readTarget(exchange.url);
    if (!target || exchange.part !== 'request') return exchange;
    const explicit = header(exchange.request.headers, 'x-target-url');
    if (explicit && readTarget(explicit)) return { ...exchange, url: explicit, envelope: exchange };
    if (formValue(target.query, 'transportType') !== null) {
      const inner = formValue(target.query, 'url');
      if (inner && readTarget(inner)) return unwrapRelay(exchange, inner);
    }
    if (exchange.method !== 'POST') return target.path.endsWith('/api/mcp/events') ? null : exchange;
    const envelopePath = FETCH_PATHS.find((path) => target.path.endsWith(path));
    if (envelopePath) return unwrapFetch(exchange) ?? exchange;
    if (target.path.includes('/api/mcp/')) return this.#unwrapSession(exchange, target.path);
    return exchange;
  }

  #unwrapSession(exchange: Exchange, path: string): Exchange | null {
    const request = asObject(parseJson(exchange.request.body.text));
    if (!request) return exchange;
    const answer = asObject(parseJson(exchange.response.body.text));
    if (path.endsWith('/connect')) {
      const url = stringMember(objectMember(request, 'config') ?? {}, 'url');
      const id = answer && stringMember(answer, 'sessionId');
      if (url && id) this.#sessions.set(id, { url, token: tokenOf(request) });
      return null;
    }
    const session = this.#sessions.get(stringMember(request, 'sessionId') ?? '');
    if (path.endsWith('/auth-state')) {
      if (session) session.token = tokenOf(request);
      return null;
    }
    const message = objectMember(request, 'message');
    if (!path.endsWith('/send') || !session || !message) return null;
    return innerExchange(
      exchange,
      {
        method: 'POST',
        url: session.url,
        headers: [
          { name: 'content-type', value: 'application/json' },
          ...versionHeader(request),
          ...(session.token === null ? [] : [{ name: 'authorization', value: `Bearer ${session.token}` }]),
        ],
        body: JSON.stringify(message),
      },
      sendAnswer(answer),
    );
  }
}

interface ProxySession {
  readonly url: string;
  token: string | null;
}

/** `/api/fetch`: MCP Inspector 2; `/fetch`: MCP Inspector 1; `/proxy`: mcp-use. */
const FETCH_PATHS = ['/api/fetch', '/fetch', '/proxy'] as const;

interface InnerRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderFields;
  readonly body: string;
}
interface InnerResponse {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: string;
  /** The envelope says that there was a body, not what it was. */
  readonly bodyUnseen: boolean;
}

function unwrapFetch(exchange: Exchange): Exchange | null {
  const envelope = asObject(parseJson(exchange.request.body.text));
  const url = envelope && stringMember(envelope, 'url');
  if (!envelope || !url || !readTarget(url)) return null;
  const init = objectMember(envelope, 'init') ?? envelope;
  const answer = asObject(parseJson(exchange.response.body.text));
  return innerExchange(
    exchange,
    {
      method: (stringMember(init, 'method') ?? 'GET').toUpperCase(),
      url,
      headers: headerFields(objectMember(init, 'headers')),
      body: stringMember(init, 'body') ?? '',
    },
    answer && numberMember(answer, 'status') !== null
      ? {
          status: numberMember(answer, 'status') ?? 0,
          headers: headerFields(objectMember(answer, 'headers')),
          body: stringMember(answer, 'body') ?? '',
          bodyUnseen: false,
        }
      : { status: exchange.response.status, headers: [], body: '', bodyUnseen: true },
  );
}

/** MCP Inspector 1 relays JSON-RPC to `?url=`; an upstream 401 comes back as error -32099 inside a 200. */
function unwrapRelay(exchange: Exchange, url: string): Exchange {
  const inner: Exchange = { ...exchange, url, envelope: exchange };
  if (exchange.response.status !== 200) return inner;
  for (const message of readRpcBody(exchange.response.body.text, exchange.response.body.mimeType)) {
    if (message.kind !== 'error' || message.error?.code !== -32099) continue;
    const data = asObject(message.error.data) ?? {};
    const status = numberMember(data, 'httpStatus');
    if (status === null) continue;
    const upstream = objectMember(data, 'upstream401');
    const challenge = upstream && stringMember(upstream, 'wwwAuthenticate');
    const headers = challenge ? [{ name: 'www-authenticate', value: challenge }] : [];
    const body = (upstream && stringMember(upstream, 'body')) ?? '';
    return { ...inner, response: { ...exchange.response, status, headers, body: content(body, headers, false) } };
  }
  return inner;
}

function sendAnswer(answer: JsonObject | null): InnerResponse {
  const none: InnerResponse = { status: 0, headers: [], body: '', bodyUnseen: true };
  if (!answer) return none;
  if (answer.ok === true) return { ...none, status: 200 };
  const raw = objectMember(objectMember(answer, 'authChallenge') ?? {}, 'raw') ?? {};
  const status = numberMember(raw, 'httpStatus');
  if (status === null) return none;
  const challenge = stringMember(raw, 'wwwAuthenticate');
  return { status, headers: challenge ? [{ name: 'www-authenticate', value: challenge }] : [], body: '', bodyUnseen: true };
}

function innerExchange(outer: Exchange, request: InnerRequest, response: InnerResponse): Exchange {
  return {
    ...outer,
    method: request.method,
    url: request.url,
    request: { headers: request.headers, body: content(request.body, request.headers, false) },
    response: {
      status: response.status,
      statusText: '',
      headers: response.headers,
      body: content(response.body, response.headers, response.bodyUnseen),
      location: header(response.headers, 'location'),
    },
    resourceType: 'fetch',
    envelope: outer,
  };
}

function content(text: string, headers: HeaderFields, unseen: boolean): Exchange['request']['body'] {
  const type = header(headers, 'content-type') ?? '';
  const end = type.indexOf(';');
  const mimeType = (end < 0 ? type : type.slice(0, end)).trim().toLowerCase();
  return { state: unseen ? 'missing' : text === '' ? 'absent' : 'whole', text, mimeType, size: null };
}

function headerFields(members: JsonObject | null): HeaderFields {
  if (!members) return [];
  return Object.entries(members).flatMap(([name, value]) => (typeof value === 'string' ? [{ name, value }] : []));
}

function versionHeader(request: JsonObject): HeaderFields {
  const version = stringMember(request, 'protocolVersion');
  return version === null ? [] : [{ name: 'mcp-protocol-version', value: version }];
}

function tokenOf(request: JsonObject): string | null {
  const tokens = objectMember(objectMember(request, 'authState') ?? {}, 'oauthTokens');
  return tokens && stringMember(tokens, 'access_token');
}
