/**
 * Which strings of JSON-RPC and model traffic are conversation: tool arguments,
 * tool results, messages to and from a model. Names, ids, types and states are not.
 */

/** Where a string stands. */
export interface Talk {
  readonly of: 'mcp' | 'model';
  /** `frame`: around the conversation; `message`: what was said; `nested`: JSON said as text; `arguments`: of a tool. */
  readonly place: 'frame' | 'message' | 'nested' | 'arguments';
  /** Below `params` or `result` of a JSON-RPC message. */
  readonly body: boolean;
}

export const mcpTalk: Talk = { of: 'mcp', place: 'frame', body: false };
export const modelTalk: Talk = { of: 'model', place: 'message', body: true };

const mcpMessages: ReadonlySet<string> = new Set(['content', 'contents', 'messages', 'systemPrompt']);
const mcpArguments: ReadonlySet<string> = new Set([
  'arguments',
  'argument',
  'completion',
  'structuredContent',
  'inputResponses',
  'data',
]);
const modelArguments: ReadonlySet<string> = new Set(['arguments', 'args', 'partial_json', 'inputTextDelta']);

/** The place below a member. */
export function enterTalk(talk: Talk, key: string, isArray: boolean): Talk {
  if (talk.place === 'arguments') return talk;
  if (talk.of === 'mcp') {
    if (!talk.body && (key === 'params' || key === 'result')) return { ...talk, body: true };
    if (talk.body && mcpArguments.has(key)) return { ...talk, place: 'arguments' };
    if (talk.body && talk.place === 'frame' && mcpMessages.has(key)) return { ...talk, place: 'message' };
    return talk;
  }
  if (talk.place === 'message' && (modelArguments.has(key) || (key === 'input' && !isArray)))
    return { ...talk, place: 'arguments' };
  return talk;
}

/** The place inside JSON that was said as text. */
export function nestTalk(talk: Talk): Talk {
  return talk.place === 'message' ? { ...talk, place: 'nested' } : talk;
}

/** Members of model traffic whose values are the protocol's, not a person's. */
const modelFrame: ReadonlySet<string> = new Set([
  'id',
  'name',
  'model',
  'object',
  'tool_call_id',
  'tool_use_id',
  'toolCallId',
  'toolUseId',
  'toolName',
  'tool_name',
  'call_id',
  'item_id',
  'response_id',
  'previous_response_id',
  'finish_reason',
  'finishReason',
  'stop_reason',
  'stopReason',
  'trigger',
  'messageId',
  'server_label',
  'server_name',
  'server_url',
  'url',
  '$schema',
  'service_tier',
  'anthropic_version',
]);
const words: ReadonlySet<string> = new Set(['type', 'role', 'state', 'status', 'mimeType', 'media_type']);

/** Whether a string under that key (empty in an array) is conversation. */
export function isPersonal(talk: Talk, key: string, value: string): boolean {
  if (talk.place === 'frame') return false;
  if (talk.place === 'arguments') return true;
  const isWord = value.length <= 60 && /^[A-Za-z0-9_./+-]+$/.test(value);
  if (talk.place === 'nested') return !(key === 'type' && isWord);
  if (words.has(key) && isWord) return false;
  return talk.of === 'mcp' || !modelFrame.has(key) || value.length > 200;
}

/**
 * Words of a failed authorization that rules look for in tool results; empty when there are none.
 * They say nothing of the person, so an alias carries them along.
 */
export function failureWords(text: string): readonly string[] {
  const found = text
    .slice(0, 200_000)
    .match(
      /\b(?:HTTP ?)?40[13]\b|unauthori[sz]ed(?:error)?|invalid[_ ]token|insufficient(?:[_ ]scope)?|(?:token|jwt)(?: has)? expired|re-?authenticat\w{0,4}|needs_reauth|auth required|forbidden|40[13]|scope/gi,
    );
  return found === null ? [] : [...new Set(found)].slice(0, 12);
}

/** What an SDK says in place of every error: nobody's words. */
export const maskedFailures: ReadonlySet<string> = new Set(['An error occurred.']);
