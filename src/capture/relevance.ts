import { isMarkedUrlText } from '../exchange/markers.ts';
import { asObject, fieldOf, fieldsOf, type Json, textOf } from './har-json.ts';

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
  const called = mcpWords.some((word) => asked.includes(word)) || fieldsOf(request).some(isMcpField);
  if (response.status === 401 || response.status === 403) return 'auth';
  if (fieldOf(response, 'www-authenticate') !== null) return 'auth';
  if (called) return 'mcp';
  const url = textOf(request.url);
  if (isMarkedUrlText(url) || isMarkedUrlText(fieldOf(response, 'location') ?? '')) return 'auth';
  if (authWords.some((word) => asked.includes(word))) return 'auth';
  if (fields._context === 'popup' && kind === 'document') return 'auth';
  const answered = typeof response.status === 'number' ? response.status : 0;
  if (kind === 'document' && (request.method === 'POST' || (answered >= 300 && answered < 400))) return 'auth';
  if (kind === 'preflight') return asksForCredentials(request) ? 'auth' : 'none';
  if (fieldOf(request, 'authorization') !== null || fieldOf(request, 'dpop') !== null) return 'mcp';
  if ((fieldOf(response, 'content-type') ?? '').startsWith('text/event-stream')) return 'mcp';
  if ((fieldOf(request, 'accept') ?? '').includes('text/event-stream')) return 'mcp';
  const answer = textOf(asObject(response.content).text).slice(0, looked);
  if (answer.includes('"jsonrpc"')) return 'mcp';
  return kind !== 'document' && authWords.some((word) => answer.includes(word)) ? 'auth' : 'none';
}

const furniture: ReadonlySet<string> = new Set(['script', 'stylesheet', 'image', 'font', 'media', 'websocket']);

function isMcpField({ name }: { readonly name: string }): boolean {
  return name.toLowerCase().startsWith('mcp-');
}

function asksForCredentials(request: Json): boolean {
  const asked = (fieldOf(request, 'access-control-request-headers') ?? '').toLowerCase();
  return asked.includes('authorization') || asked.includes('mcp-') || asked.includes('dpop');
}

/** Whether a form's fields are the protocol's own; a sign-in form's (a password) need not be kept anywhere. */
export function isProtocolBody(text: string): boolean {
  return mcpWords.some((word) => text.includes(word)) || authWords.some((word) => text.includes(word));
}
