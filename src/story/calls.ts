import type { Exchange } from '../exchange/exchange.ts';
import { header } from '../exchange/exchange.ts';
import { bearerChallenge } from '../protocol/challenge.ts';
import { stringMember } from '../protocol/json.ts';
import { type RpcRequest, type RpcResponse, readRpc, readRpcBody } from '../protocol/json-rpc.ts';
import { operation } from '../protocol/mcp.ts';
import { originOf } from '../protocol/url.ts';
import type { Call } from './model.ts';
import type { Reading } from './reading.ts';

/** Reads an exchange with an MCP server as a call. */
export function readCall(reading: Reading, server: string): Call {
  return new CallRecord(reading, server);
}

/** There are as many as a session has calls: what all have alike stands once, on the class. */
class CallRecord implements Call {
  readonly exchange: Exchange;
  readonly server: string;
  readonly requests: readonly RpcRequest[];
  readonly operation: Call['operation'];
  readonly tool: Call['tool'];
  readonly credential: Call['credential'];
  readonly scheme: Call['scheme'];
  readonly status: number;
  readonly challenge: Call['challenge'];
  readonly challengeReadable: Call['challengeReadable'];

  constructor({ exchange, credential }: Reading, server: string) {
    const messages = readRpc(exchange.request.body.text);
    const requests = messages.filter((message): message is RpcRequest => 'method' in message);
    const wwwAuthenticate = header(exchange.response.headers, 'www-authenticate');
    const status = exchange.response.status;
    const challenged = (status === 401 || status === 403) && wwwAuthenticate !== null;
    const first = requests.find((request) => request.kind === 'request');
    const name = first?.method === 'tools/call' ? stringMember(first.params ?? {}, 'name') : null;
    this.exchange = exchange;
    this.server = server;
    this.requests = requests;
    this.operation = first ? operation(first) : exchange.method === 'POST' ? null : exchange.method;
    this.tool = name === null ? null : { name, args: first?.params?.arguments ?? {} };
    this.credential = credential && credential.scheme !== 'other' ? credential.value : null;
    this.scheme = credential?.scheme ?? (exchange.request.headers.length === 0 ? 'unknown' : 'none');
    this.status = status;
    this.challenge = challenged ? bearerChallenge(wwwAuthenticate) : null;
    this.challengeReadable = challenged ? isChallengeReadable(exchange) : null;
  }

  get responses(): readonly RpcResponse[] {
    return readResponses(this.exchange);
  }
}

/** JSON-RPC answers of an exchange, from JSON or an event stream; parsed anew at each call. */
export function readResponses(exchange: Exchange): RpcResponse[] {
  const { text, mimeType } = exchange.response.body;
  return readRpcBody(text, mimeType).filter((message): message is RpcResponse => !('method' in message));
}

/**
 * Whether script could read `WWW-Authenticate` (Fetch standard, CORS-exposed header names):
 * null when it cannot be told: no `Origin` was recorded, the request went through a proxy,
 * the response allows no origin at all and yet was used, or it exposes `*`, which cookies bar, and those were left out.
 */
function isChallengeReadable(exchange: Exchange): boolean | null {
  if (exchange.envelope) return null;
  const origin = header(exchange.request.headers, 'origin');
  if (origin === null || origin === 'null') return null;
  if (origin === originOf(exchange.url)) return true;
  if (header(exchange.response.headers, 'access-control-allow-origin') === null) return null;
  return exposesChallenge(exchange);
}

/** Whether the client could read the challenge (guard G4); null where the recording cannot say, as behind a proxy. */
export function couldReadChallenge({ exchange, challengeReadable }: Call): boolean | null {
  if (challengeReadable !== null) return challengeReadable;
  // Only a browser sends Origin: a client that is none reads every header.
  const untold = exchange.envelope !== null || exchange.headersLeftOut;
  return untold || header(exchange.request.headers, 'origin') !== null ? null : true;
}

/** `*` exposes every header unless the request carried cookies (a bearer header is no CORS credential). */
function exposesChallenge(exchange: Exchange): boolean | null {
  const exposed = header(exchange.response.headers, 'access-control-expose-headers') ?? '';
  const names = exposed.split(',').map((name) => name.trim().toLowerCase());
  if (names.includes('www-authenticate')) return true;
  if (!names.includes('*') || header(exchange.request.headers, 'cookie') !== null) return false;
  return exchange.headersLeftOut ? null : true;
}
