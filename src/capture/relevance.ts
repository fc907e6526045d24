import { isMarkedUrlText } from '../exchange/markers.ts';
import { asObject, type Json, textOf } from './har-json.ts';

/**
 * What an entry is to the story, told cheaply by itself: `auth` is kept whole, `mcp` may be cut, `none` (what no
 * rule needs) is the first to be dropped. Too much is called relevant rather than too little.
 */
export type Relevance = 'auth' | 'mcp' | 'none';

/** In a body: MCP, and conversations with a model that call its tools. */
const mcpWords = ['"jsonrpc"', '"messages"', '"tool'];
/** In a body: OAuth requests and answers, metadata, keys, registrations. */
const authWords = [
  ...['grant_type', 'client_id', 'redirect_uri', 'code_verifier', 'request_uri', 'access_token', 'refresh_token'],
  ...['_endpoint"', '"authorization_servers"', '"jwks', '"keys"', 'SAMLResponse', 'code=', 'state='],
];

/** Longer bodies are looked at in their beginning only, UTF-16 code units. */
const looked = 20_000;

/** Judges a HAR entry, whole or still in the making. */
export function relevanceOf(entry: unknown): Relevance {
  const fields = asObject(entry);
  const request = asObject(fields.request);
  const response = asObject(fields.response);
  const kind = textOf(fields._resourceType).toLowerCase();
  if (furniture.has(kind)) return 'none';
  const asked = textOf(asObject(request.postData).text).slice(0, looked);
  const sent = signsOf(request);
  const answered = signsOf(response);
  const called = mcpWords.some((word) => asked.includes(word)) || sent.isMcp;
  if (response.status === 401 || response.status === 403) return 'auth';
  if (answered.has('www-authenticate')) return 'auth';
  if (called) return 'mcp';
  const url = textOf(request.url);
  if (isMarkedUrlText(url) || isMarkedUrlText(answered.get('location') ?? '')) return 'auth';
  if (authWords.some((word) => asked.includes(word))) return 'auth';
  if (fields._context === 'popup' && kind === 'document') return 'auth';
  const status = typeof response.status === 'number' ? response.status : 0;
  if (kind === 'document' && (request.method === 'POST' || (status >= 300 && status < 400))) return 'auth';
  if (kind === 'preflight') return asksForCredentials(sent.get('access-control-request-headers')) ? 'auth' : 'none';
  if (sent.has('authorization') || sent.has('dpop')) return 'mcp';
  if (answered.get('content-type')?.startsWith('text/event-stream')) return 'mcp';
  if (sent.get('accept')?.includes('text/event-stream')) return 'mcp';
  const answer = textOf(asObject(response.content).text).slice(0, looked);
  if (answer.includes('"jsonrpc"')) return 'mcp';
  return kind !== 'document' && authWords.some((word) => answer.includes(word)) ? 'auth' : 'none';
}

const furniture: ReadonlySet<string> = new Set(['script', 'stylesheet', 'image', 'font', 'media', 'websocket']);

/** Header fields that say something. */
const telling: ReadonlySet<string> = new Set([
  ...['authorization', 'dpop', 'accept', 'access-control-request-headers'],
  ...['www-authenticate', 'location', 'content-type'],
]);
/** Most differ in length: a burst of exchanges is looked through without a copy of each name. */
const lengths: ReadonlySet<number> = new Set([...telling].map(({ length }) => length));

/** The first values of the fields that say something, by name in lower case; each field is looked at once. */
class Signs extends Map<string, string> {
  /** Has a field of MCP's own. */
  isMcp = false;
}

function signsOf(message: Json): Signs {
  const signs = new Signs();
  if (!Array.isArray(message.headers)) return signs;
  for (const item of message.headers as readonly unknown[]) {
    const { name, value } = asObject(item);
    if (typeof name !== 'string' || typeof value !== 'string') continue;
    if (mcpField.test(name)) signs.isMcp = true;
    if (!lengths.has(name.length)) continue;
    const own = name.toLowerCase();
    if (telling.has(own) && !signs.has(own)) signs.set(own, value);
  }
  return signs;
}

const mcpField = /^mcp-/i;

function asksForCredentials(headers = ''): boolean {
  const asked = headers.toLowerCase();
  return asked.includes('authorization') || asked.includes('mcp-') || asked.includes('dpop');
}

/** Whether a form's fields are the protocol's own; a sign-in form's (a password) need not be kept anywhere. */
export function isProtocolBody(text: string): boolean {
  return mcpWords.some((word) => text.includes(word)) || authWords.some((word) => text.includes(word));
}
