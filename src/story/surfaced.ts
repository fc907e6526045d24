import type { Exchange } from '../exchange/exchange.ts';
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
import { HEADER_LEAD } from './heeded.ts';
import type { Call, HostedError, Server, Surfaced } from './model.ts';
import { callsAfter, lastAttemptBefore } from './queries.ts';

/** What one exchange with a language model says of tools. */
export interface ModelTurn {
  readonly exchange: Exchange;
  /** Results handed to the model, those of earlier turns again. */
  readonly results: readonly ToolResult[];
  readonly calls: readonly ToolCall[];
  /** Errors of MCP tools that the model's provider called itself. */
  readonly hostedErrors: readonly string[];
}

/** Reads an exchange with a language model; costs its size. */
export function readModelTurn(exchange: Exchange): ModelTurn {
  const { text, mimeType } = exchange.response.body;
  return {
    exchange,
    results: readToolResults(exchange.request.body.text),
    calls: readToolCalls(text, mimeType),
    hostedErrors: readHostedToolErrors(text, mimeType).map((error) => error.text),
  };
}

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
export function findSurfaced(turns: readonly ModelTurn[], servers: readonly Server[]): Surfaced[] {
  const askedById = new Map<string, AskedCall>();
  const askedByName = new Map<string, AskedCall>();
  const serverAt = new Map(servers.map((server) => [server.url, server]));
  const told = new Set<string>();
  const claimed = new Set<Call>();
  const found: Surfaced[] = [];
  for (const { exchange, results, calls } of turns) {
    for (const result of results) {
      const key = result.callId ?? `${result.name}\n${result.text}`;
      if (told.has(key)) continue;
      told.add(key);
      const call = result.callId === null ? askedByName.get(result.name ?? '') : askedById.get(result.callId);
      if (!call) continue;
      const first = matchCall(call, servers, claimed, exchange.sent);
      if (!first) continue;
      claimed.add(first);
      const server = serverAt.get(first.server);
      const last = (server && lastAttemptBefore(server, first, exchange.sent)) ?? first;
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
    for (const call of calls) {
      const asked = { ...call, at: exchange.answered };
      askedByName.set(call.name, asked);
      if (call.callId !== null) askedById.set(call.callId, asked);
    }
  }
  return found;
}

/** Errors of MCP tools that the model's provider or a chat's back end called itself: their MCP hop is not in the log (cause C9). */
export function findHostedErrors(turns: readonly ModelTurn[], servers: readonly Server[]): HostedError[] {
  const found: HostedError[] = [];
  const told = new Set<string>();
  const texts = new Set<string>();
  const tell = (error: HostedError): void => {
    found.push(error);
    texts.add(error.text);
  };
  for (const { exchange, results, hostedErrors } of turns) {
    for (const result of results) {
      const key = result.callId ?? `${result.name}\n${result.text}`;
      if (told.has(key) || texts.has(result.text)) continue;
      told.add(key);
      if (isRemoteFailure(result, servers))
        tell({ exchange, part: 'request.postData', range: result.textRange, text: result.text });
    }
    for (const text of hostedErrors) tell({ exchange, part: 'response.content', range: null, text });
  }
  return found;
}

/** What the Vercel AI SDK says in place of a server-side tool's error. */
const MASKED = 'An error occurred.';

/** A failed tool of which no MCP server of the log was asked, and whose failure may have been a 401. */
function isRemoteFailure({ name, text, flaggedError }: ToolResult, servers: readonly Server[]): boolean {
  if (!flaggedError || name === null || (text !== MASKED && !mentionsUnauthorized(text))) return false;
  return !servers.some(({ tools }) => [...tools].some((tool) => sameToolName(name, tool)));
}

/** The MCP call that a model's tool call led to: same name and arguments, not claimed yet, nearest in time. */
export function matchCall(
  asked: AskedCall,
  servers: readonly Server[],
  claimed: ReadonlySet<Call>,
  before: number,
): Call | null {
  let nearest: Call | null = null;
  for (const server of servers) {
    for (const call of callsAfter(server, asked.at - HEADER_LEAD, JOIN_WINDOW)) {
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

function saysSo(result: ToolResult): boolean {
  return result.flaggedError || mentionsUnauthorized(result.text) || mentionsForbidden(result.text);
}

function mentionsForbidden(text: string): boolean {
  const lower = text.toLowerCase();
  return (
    lower.includes('insufficient') || lower.includes('forbidden') || lower.includes('403') || lower.includes('scope')
  );
}
