import {
  asObject,
  type JsonObject,
  member,
  numberMember,
  objectMember,
  parseJson,
  parseJsonParts,
  stringMember,
} from './json.ts';
import { isEventStreamType } from './media-type.ts';
import { parseEventStream } from './sse.ts';

/** A JSON-RPC 2.0 request object (section 4); a notification has no id. */
export interface RpcRequest {
  readonly kind: 'request' | 'notification';
  readonly id: string | number | null;
  readonly method: string;
  readonly params: JsonObject | null;
}

/** A JSON-RPC 2.0 response object (section 5). */
export interface RpcResponse {
  readonly kind: 'result' | 'error';
  readonly id: string | number | null;
  readonly result: JsonObject | null;
  readonly error: { readonly code: number | null; readonly message: string; readonly data: unknown } | null;
}

export type RpcMessage = RpcRequest | RpcResponse;

/** The JSON-RPC 2.0 messages of a JSON text, single or batch; empty when there are none. */
export function readRpc(text: string): RpcMessage[] {
  return messagesIn(parseJson(text));
}

function messagesIn(value: unknown): RpcMessage[] {
  const messages: RpcMessage[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    const message = readMessage(item);
    if (message !== null) messages.push(message);
  }
  return messages;
}

/** The JSON-RPC messages of a body: those in each event's data where it is an event stream. */
export function readRpcBody(text: string, mimeType: string): RpcMessage[] {
  if (isEventStreamType(mimeType) || (mimeType === '' && startsAsEventStream(text))) {
    return parseJsonParts(parseEventStream(text).map((event) => event.data)).flatMap(messagesIn);
  }
  return readRpc(text);
}

/** Whether a message is a request or notification. */
export function isRpcRequest(message: RpcMessage): message is RpcRequest {
  return message.kind === 'request' || message.kind === 'notification';
}

function startsAsEventStream(text: string): boolean {
  return ['event:', 'data:', 'id:', 'retry:', ':'].some((field) => text.startsWith(field));
}

function readMessage(value: unknown): RpcMessage | null {
  const object = asObject(value);
  if (object === null || stringMember(object, 'jsonrpc') !== '2.0') return null;
  const id = stringMember(object, 'id') ?? numberMember(object, 'id');
  const method = stringMember(object, 'method');
  if (method !== null) {
    const kind = Object.hasOwn(object, 'id') ? 'request' : 'notification';
    return { kind, id, method, params: objectMember(object, 'params') };
  }
  const error = objectMember(object, 'error');
  if (error !== null) {
    return {
      kind: 'error',
      id,
      result: null,
      error: {
        code: numberMember(error, 'code'),
        message: stringMember(error, 'message') ?? '',
        data: member(error, 'data'),
      },
    };
  }
  if (!Object.hasOwn(object, 'result')) return null;
  return { kind: 'result', id, result: objectMember(object, 'result'), error: null };
}
