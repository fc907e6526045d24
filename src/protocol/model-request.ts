import { arrayMember, asObject, type JsonObject, member, objectMember, parseJson, stringMember } from './json.ts';
import { rangesOfStrings } from './json-range.ts';
import { isErrorResult, readContent, type Said } from './model-text.ts';
import type { Range } from './range.ts';
import { readPlace } from './url.ts';

/** A tool's result as a request told it to a language model. */
export interface ToolResult {
  readonly callId: string | null;
  readonly name: string | null;
  readonly text: string;
  /** The result's own error flag (`is_error`, `status:"error"`, ...). */
  readonly flaggedError: boolean;
  /** Where the text stands in the request body, as written there (JSON escapes included). */
  readonly textRange: Range | null;
}

const modelPaths = [
  '/v1/messages',
  '/chat/completions',
  '/v1/responses',
  '/openai/responses',
  ':generateContent',
  ':streamGenerateContent',
];
const bedrockActions = ['/converse', '/converse-stream'];

/**
 * Whether a request talks to a language model, or to a chat backend in front of one: by the path of a known
 * API, or by a body that carries a conversation. JSON-RPC never does.
 */
export function looksLikeModelTraffic(url: string, requestText: string): boolean {
  const path = readPlace(url)?.path ?? '';
  const known =
    modelPaths.some((end) => path.endsWith(end)) ||
    (path.startsWith('/model/') && bedrockActions.some((end) => path.endsWith(end)));
  // Most bodies are told by a look, and need not be parsed.
  if (!known && !mayCarryConversation(requestText)) return false;
  const body = asObject(parseJson(requestText));
  if (body !== null && Object.hasOwn(body, 'jsonrpc')) return false;
  if (body !== null && conversation(body).some(isTurn)) return true;
  // A recording may lack the body, or hold only its beginning.
  return (
    known && (body === null ? requestText === '' || requestText.startsWith('{') : stringMember(body, 'model') !== null)
  );
}

/** Whether a JSON text may have one of the members that `conversation` reads; any letter of a name may be escaped. */
function mayCarryConversation(json: string): boolean {
  return ['message', 'input', 'contents', '\\u'].some((part) => json.includes(part));
}

/**
 * The tool results in a request to a model, in order: Anthropic Messages, OpenAI Chat Completions and
 * Responses, Gemini, Bedrock Converse, Vercel AI SDK (UI and model messages), AG-UI, Ollama, LangChain.
 */
export function readToolResults(requestText: string): ToolResult[] {
  const body = asObject(parseJson(requestText));
  if (body === null) return [];
  const results: Found[] = [];
  for (const turn of conversation(body)) readTurn(unwrapLangChain(turn), results);
  const carriers = results.flatMap(({ said }) => (said.carrier === null || said.carrier === '' ? [] : [said.carrier]));
  const ranges = rangesOfStrings(requestText, new Set(carriers));
  const used = new Map<string, number>();
  return results.map(({ callId, name, said, isError }) => {
    const carrier = said.carrier ?? '';
    const nth = used.get(carrier) ?? 0;
    used.set(carrier, nth + 1);
    const textRange = ranges.get(carrier)?.[nth] ?? ranges.get(carrier)?.[0] ?? null;
    return { callId, name, text: said.text, flaggedError: isError || said.isError, textRange };
  });
}

interface Found {
  readonly callId: string | null;
  readonly name: string | null;
  readonly said: Said;
  readonly isError: boolean;
}

/** The turns or items of a conversation, wherever the API keeps them. */
function conversation(body: JsonObject): JsonObject[] {
  const input = objectMember(body, 'input');
  const lists = [
    arrayMember(body, 'messages'),
    arrayMember(body, 'input'),
    arrayMember(body, 'contents'),
    input === null ? null : arrayMember(input, 'messages'),
  ];
  const turns: JsonObject[] = [];
  for (const list of lists) for (const item of list ?? []) pushObject(turns, item);
  pushObject(turns, member(body, 'message'));
  return turns;
}

function pushObject(objects: JsonObject[], value: unknown): void {
  const object = asObject(value);
  if (object !== null) objects.push(object);
}

/** Item types of OpenAI Responses and LangChain, whose items need not have a role. */
const itemTypes: ReadonlySet<string> = new Set([
  'function_call',
  'function_call_output',
  'human',
  'ai',
  'system',
  'tool',
]);
const roles: ReadonlySet<string> = new Set([
  'user',
  'assistant',
  'system',
  'developer',
  'tool',
  'function',
  'model',
  'data',
]);

function isTurn(turn: JsonObject): boolean {
  const role = stringMember(turn, 'role');
  if (role !== null) return roles.has(role);
  if (itemTypes.has(stringMember(turn, 'type') ?? '')) return true;
  return arrayMember(turn, 'parts') !== null || objectMember(turn, 'kwargs') !== null;
}

/** LangChain serialises a message as `{lc:1, type:"constructor", id:[..., "ToolMessage"], kwargs}`. */
function unwrapLangChain(turn: JsonObject): JsonObject {
  const kwargs = stringMember(turn, 'type') === 'constructor' ? objectMember(turn, 'kwargs') : null;
  if (kwargs === null) return turn;
  const className = arrayMember(turn, 'id')?.at(-1);
  return className === 'ToolMessage' ? { ...kwargs, type: 'tool' } : kwargs;
}

function readTurn(turn: JsonObject, results: Found[]): void {
  const type = stringMember(turn, 'type');
  const role = stringMember(turn, 'role');
  if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    results.push(found(turn, stringMember(turn, 'call_id'), member(turn, 'output')));
    return;
  }
  const content = arrayMember(turn, 'content') ?? [];
  const before = results.length;
  for (const item of content) readContentPart(asObject(item), results);
  for (const item of arrayMember(turn, 'parts') ?? []) readPart(asObject(item), results);
  for (const item of arrayMember(turn, 'toolInvocations') ?? []) readInvocation(asObject(item), results);
  if (results.length > before) return;
  if (role === 'tool' || role === 'function' || type === 'tool') {
    const callId = stringMember(turn, 'tool_call_id') ?? stringMember(turn, 'toolCallId');
    results.push(found(turn, callId, member(turn, 'content') ?? member(turn, 'error')));
  }
}

/** A part of `content`: Anthropic, Bedrock, Vercel model messages. */
function readContentPart(part: JsonObject | null, results: Found[]): void {
  if (part === null) return;
  const type = stringMember(part, 'type');
  if (type === 'tool_result' || type === 'mcp_tool_result') {
    results.push(found(part, stringMember(part, 'tool_use_id'), member(part, 'content')));
  } else if (type === 'tool-result') {
    const output = member(part, 'output');
    const wrapped = asObject(output);
    const kind = wrapped === null ? null : stringMember(wrapped, 'type');
    const value = wrapped !== null && Object.hasOwn(wrapped, 'value') ? member(wrapped, 'value') : output;
    const result = found(part, stringMember(part, 'toolCallId'), value ?? member(part, 'result'));
    results.push({ ...result, isError: result.isError || kind === 'error-text' || kind === 'error-json' });
  } else {
    const bedrock = objectMember(part, 'toolResult');
    if (bedrock !== null) results.push(found(bedrock, stringMember(bedrock, 'toolUseId'), member(bedrock, 'content')));
  }
}

/** A part of `parts`: Gemini, Vercel UI messages (`tool-<name>`, `dynamic-tool`, `tool-invocation`). */
function readPart(part: JsonObject | null, results: Found[]): void {
  if (part === null) return;
  const gemini = objectMember(part, 'functionResponse') ?? objectMember(part, 'function_response');
  if (gemini !== null) {
    const response = objectMember(gemini, 'response');
    const error = response !== null && member(response, 'error') != null;
    const result = found(gemini, stringMember(gemini, 'id'), geminiContent(response));
    results.push({ ...result, isError: result.isError || error });
    return;
  }
  const type = stringMember(part, 'type') ?? '';
  if (type === 'tool-invocation') {
    readInvocation(objectMember(part, 'toolInvocation'), results);
    return;
  }
  if (type !== 'dynamic-tool' && !type.startsWith('tool-')) return;
  const state = stringMember(part, 'state');
  const name = type === 'dynamic-tool' ? stringMember(part, 'toolName') : type.slice('tool-'.length);
  const callId = stringMember(part, 'toolCallId');
  if (state === 'output-error') {
    results.push({ callId, name, said: readContent(member(part, 'errorText')), isError: true });
  } else if (state === 'output-available') {
    results.push({ ...found(part, callId, member(part, 'output')), name });
  }
}

/** `{result}` or `{output}` with one string says it directly; anything else speaks as a whole. */
function geminiContent(response: JsonObject | null): unknown {
  if (response === null) return undefined;
  for (const key of ['error', 'result', 'output', 'content']) {
    const value = member(response, key);
    if (typeof value === 'string' || (key === 'content' && Array.isArray(value))) return value;
  }
  return response;
}

/** A tool invocation of the Vercel AI SDK 4. */
function readInvocation(invocation: JsonObject | null, results: Found[]): void {
  if (invocation === null || stringMember(invocation, 'state') !== 'result') return;
  results.push(found(invocation, stringMember(invocation, 'toolCallId'), member(invocation, 'result')));
}

function found(holder: JsonObject, callId: string | null, content: unknown): Found {
  const name = stringMember(holder, 'name') ?? stringMember(holder, 'tool_name') ?? stringMember(holder, 'toolName');
  const isError = isErrorResult(holder) || stringMember(holder, 'status') === 'error';
  return { callId, name, said: readContent(content), isError };
}
