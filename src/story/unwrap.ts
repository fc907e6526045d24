import type { Exchange, HeaderFields } from '../exchange/exchange.ts';
import { header } from '../exchange/exchange.ts';
import { formValue } from '../protocol/form.ts';
import type { JsonObject } from '../protocol/json.ts';
import { asObject, numberMember, objectMember, parseJson, stringMember } from '../protocol/json.ts';
import { readRpcBody } from '../protocol/json-rpc.ts';
import { readPlace, readTarget, type Target } from '../protocol/url.ts';
import { bySent, firstAfter, firstFrom, Sorted } from './order.ts';

/** What an exchange stands for. */
export interface Unwrapped {
  /** Itself, the inner one, or null for a proxy's own housekeeping. */
  readonly exchange: Exchange | null;
  /** Inner exchanges told before (or held back) that this one shows in another light: they are to be read anew. */
  readonly again: readonly Exchange[];
}

/**
 * Unwraps the envelopes of MCP proxies (rules.md B.4, guard G17), so that the story sees the
 * request that reached the server. MCP Inspector 2 keeps the server's address and
 * the token per proxy session; so this object remembers the sessions it saw.
 */
export class ProxyUnwrapper {
  readonly #sessions = new Map<string, ProxySession>();

  unwrap(exchange: Exchange): Unwrapped {
    const target = exchange.part === 'request' ? readTarget(exchange.url) : null;
    if (target && exchange.method === 'POST' && target.path.includes('/api/mcp/'))
      return this.#unwrapSession(exchange, target.path);
    return { exchange: target ? unwrapStateless(exchange, target) : exchange, again: [] };
  }

  /** Whether an exchange changes how others read, so that it cannot be taken back by itself. */
  remembers(exchange: Exchange): boolean {
    return exchange.method === 'POST' && (readPlace(exchange.url)?.path.includes('/api/mcp/') ?? false);
  }

  #unwrapSession(exchange: Exchange, path: string): Unwrapped {
    const request = asObject(parseJson(exchange.request.body.text));
    if (!request) return { exchange, again: [] };
    if (path.endsWith('/connect')) {
      const answer = asObject(parseJson(exchange.response.body.text));
      const url = stringMember(objectMember(request, 'config') ?? {}, 'url');
      const id = answer && stringMember(answer, 'sessionId');
      return { exchange: null, again: url && id ? this.#session(id).connect(exchange, url, tokenOf(request)) : [] };
    }
    const id = stringMember(request, 'sessionId');
    if (id === null) return { exchange: null, again: [] };
    if (path.endsWith('/auth-state'))
      return { exchange: null, again: this.#session(id).authorize(exchange, tokenOf(request)) };
    if (!path.endsWith('/send') || !objectMember(request, 'message')) return { exchange: null, again: [] };
    return { exchange: this.#session(id).send(exchange), again: [] };
  }

  #session(id: string): ProxySession {
    const known = this.#sessions.get(id);
    if (known) return known;
    const session = new ProxySession();
    this.#sessions.set(id, session);
    return session;
  }
}

/** A session of MCP Inspector 2's proxy: where it leads, with which token since when, and what it was given to send. */
class ProxySession {
  #url: string | null = null;
  readonly #tokens = new Sorted<{ readonly exchange: Exchange; readonly token: string | null }>(bySent);
  readonly #sends = new Sorted<{ readonly exchange: Exchange }>(bySent);

  /** Sends that came before it was known where they went, or with which token. */
  connect(exchange: Exchange, url: string, token: string | null): Exchange[] {
    this.#url = url;
    this.#tokens.add({ exchange, token });
    return this.#sentFrom(Number.NEGATIVE_INFINITY);
  }

  authorize(exchange: Exchange, token: string | null): Exchange[] {
    this.#tokens.add({ exchange, token });
    return this.#sentFrom(exchange.sent);
  }

  send(exchange: Exchange): Exchange | null {
    this.#sends.add({ exchange });
    return this.#read(exchange);
  }

  #sentFrom(time: number): Exchange[] {
    const sends = this.#sends.items;
    return sends.slice(firstFrom(sends, time)).flatMap(({ exchange }) => this.#read(exchange) ?? []);
  }

  #read(exchange: Exchange): Exchange | null {
    const request = asObject(parseJson(exchange.request.body.text));
    const message = request && objectMember(request, 'message');
    if (this.#url === null || !message) return null;
    const tokens = this.#tokens.items;
    const token = tokens[firstAfter(tokens, exchange.sent, (known) => known.exchange.sent) - 1]?.token ?? null;
    return innerExchange(
      exchange,
      {
        method: 'POST',
        url: this.#url,
        headers: [
          { name: 'content-type', value: 'application/json' },
          ...versionHeader(request),
          ...(token === null ? [] : [{ name: 'authorization', value: `Bearer ${token}` }]),
        ],
        body: JSON.stringify(message),
      },
      sendAnswer(asObject(parseJson(exchange.response.body.text))),
    );
  }
}

/** Envelopes that say all by themselves. */
function unwrapStateless(exchange: Exchange, target: Target): Exchange | null {
  const explicit = header(exchange.request.headers, 'x-target-url');
  if (explicit && readTarget(explicit)) return { ...exchange, url: explicit, envelope: exchange };
  if (formValue(target.query, 'transportType') !== null) {
    const inner = formValue(target.query, 'url');
    if (inner && readTarget(inner)) return unwrapRelay(exchange, inner);
  }
  if (exchange.method !== 'POST') return target.path.endsWith('/api/mcp/events') ? null : exchange;
  const isEnvelope = FETCH_PATHS.some((path) => target.path.endsWith(path));
  return isEnvelope ? (unwrapFetch(exchange) ?? exchange) : exchange;
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
  return {
    status,
    headers: challenge ? [{ name: 'www-authenticate', value: challenge }] : [],
    body: '',
    bodyUnseen: true,
  };
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
