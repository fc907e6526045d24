import { arrayMember, asObject, canonicalJson, type JsonObject, member, parseJson, stringMember } from './json.ts';

/** What a content value says in words, and whether it says of itself that it is an error. */
export interface Said {
  readonly text: string;
  readonly isError: boolean;
  /** The string in the body that carries the text, where there is one. */
  readonly carrier: string | null;
}

/**
 * The text of a tool result's content, whatever the API wraps it in: a string, a list of text parts, an
 * MCP CallToolResult (also as a JSON string); other JSON is its own text.
 */
export function readContent(value: unknown): Said {
  if (typeof value === 'string') return { text: value, isError: saysError(value), carrier: value };
  if (Array.isArray(value)) return readParts(value);
  const object = asObject(value);
  if (object === null) return { text: value == null ? '' : canonicalJson(value), isError: false, carrier: null };
  const isError = isErrorResult(object);
  const inner = arrayMember(object, 'content');
  if (inner !== null) {
    const said = readParts(inner);
    if (said.text !== '') return { ...said, isError: isError || said.isError };
  }
  const text = partText(object);
  if (text !== null) return { text, isError, carrier: text };
  return { text: canonicalJson(object), isError, carrier: firstString(object) };
}

function readParts(parts: readonly unknown[]): Said {
  const texts: string[] = [];
  for (const part of parts) {
    const object = asObject(part);
    const text = typeof part === 'string' ? part : object === null ? null : partText(object);
    if (text !== null) texts.push(text);
  }
  if (texts.length === 0 && parts.length > 0) return { text: canonicalJson(parts), isError: false, carrier: null };
  return { text: texts.join('\n'), isError: texts.some(saysError), carrier: texts[0] ?? null };
}

/** `{type:"text", text}` and its kin: `input_text`, `output_text`, Bedrock's `{text}` and `{json}`. */
function partText(part: JsonObject): string | null {
  const text = stringMember(part, 'text');
  if (text !== null) return text;
  const json = member(part, 'json');
  return json === undefined ? null : canonicalJson(json);
}

/** Whether a value is a result that names itself an error, as an MCP CallToolResult does. */
export function isErrorResult(object: JsonObject): boolean {
  return member(object, 'isError') === true || member(object, 'is_error') === true;
}

function saysError(text: string): boolean {
  if (!text.trimStart().startsWith('{') || !text.includes('rror"')) return false;
  const object = asObject(parseJson(text));
  return object !== null && isErrorResult(object);
}

function firstString(object: JsonObject): string | null {
  for (const value of Object.values(object)) if (typeof value === 'string' && value !== '') return value;
  return null;
}

const unauthorized =
  /\b(?:HTTP)?401\b|unauthori[sz]ed|invalid[_ ]token|(?:token|jwt)(?: has)? expired|re-?authenticat|needs_reauth|Auth required/i;

/**
 * Whether a text speaks of a missing, invalid or expired credential, as the MCP SDKs word it. Only for
 * the text of a tool's result: anywhere else such words mean nothing.
 */
export function mentionsUnauthorized(text: string): boolean {
  return unauthorized.test(text);
}
