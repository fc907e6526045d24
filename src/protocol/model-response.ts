import {
  arrayMember,
  asObject,
  type JsonObject,
  member,
  numberMember,
  objectMember,
  objectsOf,
  parseJson,
  parseJsonParts,
  stringMember,
} from './json.ts';
import { isEventStreamType } from './media-type.ts';
import { type ToolCall, ToolCalls } from './model-calls.ts';
import { readContent } from './model-text.ts';
import { parseEventStream } from './sse.ts';

/** A tool error that a hosted runtime reports in the model's response, the tool having run out of sight. */
export interface HostedToolError {
  readonly name: string | null;
  readonly text: string;
}

/**
 * The tool calls in a model's response, JSON or streamed: Anthropic Messages, OpenAI Chat Completions and
 * Responses, Gemini, Bedrock Converse, Ollama, LangChain, AG-UI, and the Vercel AI SDK's streams.
 */
export function readToolCalls(responseText: string, mimeType: string): ToolCall[] {
  const calls = new ToolCalls();
  for (const chunk of responseChunks(responseText, mimeType)) readChunk(chunk, calls);
  return calls.list();
}

/**
 * Errors of tools that ran at the provider or in a chat backend: OpenAI's `mcp_call` and
 * `mcp_list_tools`, Anthropic's `mcp_tool_result`, the AI SDK's `tool-output-error`.
 */
export function readHostedToolErrors(responseText: string, mimeType: string): HostedToolError[] {
  const errors = new Map<string, HostedToolError>();
  const names = new Map<string, string>();
  for (const chunk of responseChunks(responseText, mimeType)) {
    for (const part of hostedParts(chunk)) readHostedPart(part, errors, names);
  }
  return [...errors.values()];
}

/** The JSON objects of a response: one, an array's, an event stream's, or one on each line. */
function responseChunks(text: string, mimeType: string): JsonObject[] {
  const start = text.trimStart();
  if (isEventStreamType(mimeType) || start.startsWith('data:') || start.startsWith('event:')) {
    return parseJsonParts(parseEventStream(text).map((event) => event.data)).flatMap(objectsIn);
  }
  const whole = objectsIn(parseJson(text));
  if (whole.length > 0) return whole;
  return readLines(text.split('\n'));
}

function objectsIn(value: unknown): JsonObject[] {
  return objectsOf(Array.isArray(value) ? value : [value]);
}

/** Lines of JSON (Ollama), or of the AI SDK 4 data stream, where one character says what a line is. */
function readLines(lines: readonly string[]): JsonObject[] {
  const chunks: string[] = [];
  for (const line of lines) {
    const type = line.charAt(1) === ':' ? dataStreamTypes.get(line.charAt(0)) : undefined;
    if (type !== undefined) chunks.push(`[${JSON.stringify(type)},${line.slice(2)}]`);
    else if (line.startsWith('{')) chunks.push(line);
  }
  return parseJsonParts(chunks).flatMap((value) => {
    if (!Array.isArray(value)) return objectsIn(value);
    return objectsIn(value[1]).map((object) => ({ ...object, type: value[0] }));
  });
}

const dataStreamTypes: ReadonlyMap<string, string> = new Map([
  ['9', 'tool-input-available'],
  ['b', 'tool-input-start'],
  ['c', 'tool-input-delta'],
]);

function readChunk(chunk: JsonObject, calls: ToolCalls): void {
  readWhole(chunk, calls);
  readTypedEvent(chunk, stringMember(chunk, 'type') ?? '', calls);
  const choices = arrayMember(chunk, 'choices') ?? [];
  choices.forEach((item, index) => {
    const choice = asObject(item);
    if (choice !== null) readChoice(choice, numberMember(choice, 'index') ?? index, calls);
  });
  readBedrockEvent(chunk, calls);
}

/** Calls that stand whole in a response or message. */
function readWhole(object: JsonObject, calls: ToolCalls): void {
  for (const item of arrayMember(object, 'content') ?? []) readContentPart(asObject(item), calls);
  for (const item of arrayMember(object, 'output') ?? []) readResponsesItem(asObject(item), calls, null);
  // Beside chunks, LangChain's `tool_calls` hold no more than the fragment read so far.
  const fragments = arrayMember(object, 'tool_call_chunks') ?? [];
  const listed = fragments.length > 0 ? [] : (arrayMember(object, 'tool_calls') ?? []);
  for (const item of listed) readListedCall(asObject(item), calls);
  for (const item of arrayMember(object, 'candidates') ?? []) {
    const content = objectMember(asObject(item) ?? {}, 'content');
    for (const part of (content === null ? null : arrayMember(content, 'parts')) ?? []) {
      const call = objectMember(asObject(part) ?? {}, 'functionCall');
      if (call !== null) calls.add(stringMember(call, 'id'), stringMember(call, 'name'), member(call, 'args') ?? {});
    }
  }
  for (const item of arrayMember(object, 'messages') ?? []) readMessage(asObject(item), calls);
  for (const key of ['message', 'kwargs', 'additional_kwargs']) readMessage(objectMember(object, key), calls);
  const output = objectMember(object, 'output');
  if (output !== null) readMessage(objectMember(output, 'message'), calls);
}

/** A message within a response: its own calls, and LangChain's serialised form. */
function readMessage(message: JsonObject | null, calls: ToolCalls): void {
  if (message === null) return;
  const inner = objectMember(message, 'kwargs') ?? message;
  for (const item of arrayMember(inner, 'content') ?? []) readContentPart(asObject(item), calls);
  for (const item of arrayMember(inner, 'tool_calls') ?? []) readListedCall(asObject(item), calls);
}

/** Anthropic's `tool_use` and `mcp_tool_use`, Bedrock's `toolUse`, the AI SDK's `tool-call`. */
function readContentPart(part: JsonObject | null, calls: ToolCalls): void {
  if (part === null) return;
  const type = stringMember(part, 'type');
  if (type === 'tool_use' || type === 'mcp_tool_use') {
    calls.add(stringMember(part, 'id'), stringMember(part, 'name'), member(part, 'input'));
  } else if (type === 'tool-call') {
    const args = member(part, 'input') ?? member(part, 'args');
    calls.add(stringMember(part, 'toolCallId'), stringMember(part, 'toolName'), args);
  }
  const bedrock = objectMember(part, 'toolUse');
  if (bedrock !== null) {
    calls.add(stringMember(bedrock, 'toolUseId'), stringMember(bedrock, 'name'), member(bedrock, 'input'));
  }
}

/** `{id, function:{name, arguments}}` (OpenAI, Ollama) or `{id, name, args}` (LangChain). */
function readListedCall(call: JsonObject | null, calls: ToolCalls): void {
  if (call === null) return;
  const named = objectMember(call, 'function') ?? call;
  const args = member(named, 'arguments') ?? member(named, 'args');
  calls.add(stringMember(call, 'id'), stringMember(named, 'name'), args);
}

function readResponsesItem(item: JsonObject | null, calls: ToolCalls, key: string | null): void {
  if (item === null) return;
  const type = stringMember(item, 'type');
  if (type !== 'function_call' && type !== 'mcp_call') return;
  const callId = stringMember(item, 'call_id') ?? stringMember(item, 'id');
  const facts = { callId, name: stringMember(item, 'name'), args: member(item, 'arguments') };
  if (key === null) calls.add(callId, facts.name, facts.args);
  else calls.put(key, facts);
}

/** Chat Completions: a message, or a delta whose calls are told apart by index. */
function readChoice(choice: JsonObject, choiceIndex: number, calls: ToolCalls): void {
  readMessage(objectMember(choice, 'message'), calls);
  const legacy = objectMember(objectMember(choice, 'message') ?? {}, 'function_call');
  if (legacy !== null) calls.add(null, stringMember(legacy, 'name'), member(legacy, 'arguments'));
  const deltas = arrayMember(objectMember(choice, 'delta') ?? {}, 'tool_calls') ?? [];
  deltas.forEach((item, position) => {
    const delta = asObject(item);
    if (delta === null) return;
    const key = `choice ${choiceIndex} ${numberMember(delta, 'index') ?? position}`;
    const named = objectMember(delta, 'function') ?? {};
    calls.put(key, { callId: filled(stringMember(delta, 'id')), name: stringMember(named, 'name') });
    const fragment = stringMember(named, 'arguments');
    if (fragment !== null) calls.append(key, fragment);
  });
}

/** Events that name themselves by `type`. */
function readTypedEvent(event: JsonObject, type: string, calls: ToolCalls): void {
  switch (type) {
    case 'content_block_start': {
      const block = objectMember(event, 'content_block');
      const kind = block === null ? null : stringMember(block, 'type');
      if (block === null || (kind !== 'tool_use' && kind !== 'mcp_tool_use')) return;
      const facts = { callId: stringMember(block, 'id'), name: stringMember(block, 'name') };
      calls.put(indexKey('block', event), { ...facts, args: member(block, 'input') });
      return;
    }
    case 'content_block_delta':
      append(calls, indexKey('block', event), stringMember(objectMember(event, 'delta') ?? {}, 'partial_json'));
      return;
    case 'response.output_item.added':
    case 'response.output_item.done':
      readResponsesItem(objectMember(event, 'item'), calls, `output ${numberMember(event, 'output_index') ?? 0}`);
      return;
    case 'response.function_call_arguments.delta':
    case 'response.mcp_call_arguments.delta':
      append(calls, `output ${numberMember(event, 'output_index') ?? 0}`, stringMember(event, 'delta'));
      return;
    case 'response.completed':
      readWhole(objectMember(event, 'response') ?? {}, calls);
      return;
    case 'tool-input-start':
    case 'tool-input-available':
    case 'tool-call':
      readUiCall(event, calls);
      return;
    case 'tool-input-delta':
      append(calls, idKey(event), stringMember(event, 'inputTextDelta') ?? stringMember(event, 'argsTextDelta'));
      return;
    case 'TOOL_CALL_START':
      calls.put(idKey(event), { callId: stringMember(event, 'toolCallId'), name: stringMember(event, 'toolCallName') });
      return;
    case 'TOOL_CALL_ARGS':
      append(calls, idKey(event), stringMember(event, 'delta'));
      return;
    case 'AIMessageChunk':
      for (const item of arrayMember(event, 'tool_call_chunks') ?? []) readLangChainChunk(event, asObject(item), calls);
      return;
    default:
  }
}

function readUiCall(event: JsonObject, calls: ToolCalls): void {
  const callId = stringMember(event, 'toolCallId');
  if (callId === null) return;
  const args = member(event, 'input') ?? member(event, 'args');
  calls.put(idKey(event), { callId, name: stringMember(event, 'toolName'), args });
}

function readLangChainChunk(event: JsonObject, chunk: JsonObject | null, calls: ToolCalls): void {
  if (chunk === null) return;
  const key = `chunk ${stringMember(event, 'id') ?? ''} ${numberMember(chunk, 'index') ?? 0}`;
  calls.put(key, { callId: filled(stringMember(chunk, 'id')), name: stringMember(chunk, 'name') });
  append(calls, key, stringMember(chunk, 'args'));
}

/** Bedrock ConverseStream, as JSON gateways relay it. */
function readBedrockEvent(event: JsonObject, calls: ToolCalls): void {
  const start = objectMember(event, 'contentBlockStart');
  const use = objectMember(objectMember(start ?? {}, 'start') ?? {}, 'toolUse');
  if (start !== null && use !== null) {
    const key = `bedrock ${numberMember(start, 'contentBlockIndex') ?? 0}`;
    calls.put(key, { callId: stringMember(use, 'toolUseId'), name: stringMember(use, 'name') });
  }
  const delta = objectMember(event, 'contentBlockDelta');
  const input = objectMember(objectMember(delta ?? {}, 'delta') ?? {}, 'toolUse');
  if (delta !== null && input !== null) {
    append(calls, `bedrock ${numberMember(delta, 'contentBlockIndex') ?? 0}`, stringMember(input, 'input'));
  }
}

function append(calls: ToolCalls, key: string, fragment: string | null): void {
  if (fragment !== null) calls.append(key, fragment);
}

function indexKey(kind: string, event: JsonObject): string {
  return `${kind} ${numberMember(event, 'index') ?? 0}`;
}

function idKey(event: JsonObject): string {
  return `id ${stringMember(event, 'toolCallId') ?? ''}`;
}

function filled(text: string | null): string | null {
  return text === '' ? null : text;
}

/** The parts of a chunk that may report a hosted tool's error. */
function hostedParts(chunk: JsonObject): JsonObject[] {
  const response = objectMember(chunk, 'response');
  const lists = [
    arrayMember(chunk, 'content'),
    arrayMember(chunk, 'output'),
    response === null ? null : arrayMember(response, 'output'),
  ];
  const parts = [
    chunk,
    objectMember(chunk, 'content_block'),
    objectMember(chunk, 'item'),
    ...lists.flatMap((l) => l ?? []),
  ];
  return objectsOf(parts);
}

function readHostedPart(part: JsonObject, errors: Map<string, HostedToolError>, names: Map<string, string>): void {
  const type = stringMember(part, 'type');
  const id = stringMember(part, 'tool_use_id') ?? stringMember(part, 'toolCallId') ?? stringMember(part, 'id');
  const ownName = stringMember(part, 'name') ?? stringMember(part, 'toolName');
  if (id !== null && ownName !== null) names.set(id, ownName);
  const name = ownName ?? (id === null ? null : (names.get(id) ?? null));
  const report = (content: unknown): void => {
    errors.set(id ?? `anonymous ${errors.size}`, { name, text: readContent(content).text });
  };
  if (type === 'mcp_call' || type === 'mcp_list_tools') {
    const error = member(part, 'error');
    if (error != null) report(stringMember(asObject(error) ?? {}, 'message') ?? error);
  } else if (type === 'mcp_tool_result') {
    if (member(part, 'is_error') === true) report(member(part, 'content'));
  } else if (type === 'tool-output-error') report(member(part, 'errorText'));
}
