import { canonicalJson } from '../protocol/json.ts';
import {
  mentionsUnauthorized,
  readHostedToolErrors,
  readToolCalls,
  readToolResults,
  sameToolName,
  type ToolCall,
  type ToolResult,
} from '../protocol/model.ts';
import type { Call, HostedError, Server, Surfaced } from './model.ts';
import { callsAfter, isSameOperation } from './queries.ts';
import type { Reading } from './reading.ts';

/** How long after a model asked for a tool its MCP call may begin, milliseconds (rules.md E). */
export const JOIN_WINDOW = 60_000;

export interface AskedCall extends ToolCall {
  /** When the model had asked. */
  readonly at: number;
}

/**
 * Which failed MCP calls reached a language model (rules.md A.3.4): the model's own call id joins
 * its tool call, the MCP request with the same name and arguments, and the result handed back.
 * Only the first request that carries a result counts; later ones repeat it as history.
 */
export function findSurfaced(model: readonly Reading[], servers: readonly Server[]): Surfaced[] {
  const asked: AskedCall[] = [];
  const told = new Set<string>();
  const claimed = new Set<Call>();
  const found: Surfaced[] = [];
  for (const { exchange } of model) {
    for (const result of readToolResults(exchange.request.body.text)) {
      const key = result.callId ?? `${result.name}\n${result.text}`;
      if (told.has(key)) continue;
      told.add(key);
      const call = findAsked(asked, result);
      if (!call) continue;
      const first = matchCall(call, servers, claimed, exchange.sent);
      if (!first) continue;
      claimed.add(first);
      const last = lastAttempt(first, servers, exchange.sent);
      const failed = last.status === 401 || last.status === 403;
      if (!failed || !saysSo(result)) continue;
      found.push({
        exchange,
        result,
        call: last,
        proof: result.callId === null ? 'strong' : 'proved',
        text: result.text,
      });
    }
    const { text, mimeType } = exchange.response.body;
    for (const call of readToolCalls(text, mimeType)) asked.push({ ...call, at: exchange.answered });
  }
  return found;
}

/** Errors of MCP tools that the model's provider or a chat's back end called itself: their MCP hop is not in the log. */
export function findHostedErrors(model: readonly Reading[], servers: readonly Server[]): HostedError[] {
  const found: HostedError[] = [];
  const told = new Set<string>();
  for (const { exchange } of model) {
    for (const result of readToolResults(exchange.request.body.text)) {
      const key = result.callId ?? `${result.name}\n${result.text}`;
      if (told.has(key) || found.some(({ text }) => text === result.text)) continue;
      told.add(key);
      if (!isRemoteFailure(result, servers)) continue;
      found.push({ exchange, part: 'request.postData', range: result.textRange, text: result.text });
    }
    const { text, mimeType } = exchange.response.body;
    for (const error of readHostedToolErrors(text, mimeType)) {
      found.push({ exchange, part: 'response.content', range: null, text: error.text });
    }
  }
  return found;
}

/** What the Vercel AI SDK says in place of a server-side tool's error. */
const MASKED = 'An error occurred.';

/** A failed tool of which no MCP server of the log was asked, and whose failure may have been a 401. */
function isRemoteFailure({ name, text, flaggedError }: ToolResult, servers: readonly Server[]): boolean {
  if (!flaggedError || name === null || (text !== MASKED && !mentionsUnauthorized(text))) return false;
  return !servers.some(({ calls }) => calls.some(({ tool }) => tool !== null && sameToolName(name, tool.name)));
}

function findAsked(asked: readonly AskedCall[], result: ToolResult): AskedCall | undefined {
  if (result.callId !== null) return asked.findLast((call) => call.callId === result.callId);
  return asked.findLast((call) => result.name !== null && call.name === result.name);
}

export function matchCall(
  asked: AskedCall,
  servers: readonly Server[],
  claimed: ReadonlySet<Call>,
  before: number,
): Call | null {
  let nearest: Call | null = null;
  for (const server of servers) {
    // A recorder's clock for the end of a response is coarse; the call may seem to begin just before it.
    for (const call of callsAfter(server, asked.at - 50, JOIN_WINDOW)) {
      if (call.exchange.sent > before) break;
      if (!call.tool || claimed.has(call) || !sameToolName(asked.name, call.tool.name)) continue;
      if (!holdsArguments(call.tool.args, asked.args)) continue;
      if (!nearest || call.exchange.sent < nearest.exchange.sent) nearest = call;
      break;
    }
  }
  return nearest;
}

/** The MCP call may have arguments that its host injected; what the model gave must be there unchanged. */
function holdsArguments(sent: unknown, asked: unknown): boolean {
  if (canonicalJson(sent) === canonicalJson(asked)) return true;
  if (typeof sent !== 'object' || sent === null || typeof asked !== 'object' || asked === null) return false;
  const members = new Map(Object.entries(sent));
  return Object.entries(asked).every(([name, value]) => canonicalJson(members.get(name)) === canonicalJson(value));
}

function lastAttempt(first: Call, servers: readonly Server[], before: number): Call {
  const server = servers.find(({ url }) => url === first.server);
  let last = first;
  if (!server) return last;
  for (const call of callsAfter(server, first.exchange.sent)) {
    if (call.exchange.sent > before) break;
    if (call !== first && isSameOperation(call, first)) last = call;
  }
  return last;
}

function saysSo(result: ToolResult): boolean {
  return result.flaggedError || mentionsUnauthorized(result.text) || mentionsForbidden(result.text);
}

function mentionsForbidden(text: string): boolean {
  const lower = text.toLowerCase();
  return (
    lower.includes('insufficient') || lower.includes('forbidden') || lower.includes('403') || lower.includes('scope')
  );
}
