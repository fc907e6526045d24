import { asObject, member, objectMember, stringMember } from '../../../protocol/json.ts';
import { strings } from '../strings.ts';
import { plain } from './claims.ts';

/**
 * A JSON-RPC message in a few words: `tools/call search, id 3`, `error -32001 Unauthorized, id 3`; null for JSON that is
 * none. Of a batch, the first message and how many more.
 */
export function rpcInWords(value: unknown): string | null {
  const [first, more] = Array.isArray(value) ? [value[0], value.length - 1] : [value, 0];
  const message = asObject(first);
  if (message === null || !Object.hasOwn(message, 'jsonrpc')) return null;
  const say = strings.rpc;
  const method = stringMember(message, 'method');
  const id = member(message, 'id');
  const named = id === undefined || id === null ? '' : say.id(plain(id));
  const rest = more > 0 ? say.more(more) : '';
  if (method !== null) {
    const name = stringMember(objectMember(message, 'params') ?? {}, 'name') ?? '';
    return [id === undefined ? say.notification : say.request, `${method} ${name}`.trim(), named, rest]
      .filter(said)
      .join(' · ');
  }
  const error = objectMember(message, 'error');
  if (error === null) return [say.result, named, rest].filter(said).join(' · ');
  const words = `${plain(member(error, 'code') ?? '')} ${stringMember(error, 'message') ?? ''}`.trim();
  return [say.error, words, named, rest].filter(said).join(' · ');
}

const said = (word: string): boolean => word !== '';
