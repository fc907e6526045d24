import { type JsonObject, objectMember, stringMember } from '../../protocol/json.ts';
import type { Server } from '../../story/model.ts';

/** Names and versions by which the two ends of MCP introduce themselves; null where they did not. */
export interface Software {
  readonly client: string | null;
  readonly server: string | null;
}

/** Reads `clientInfo` and `serverInfo` (MCP, `Implementation`) of the first `initialize` that has them. */
export function softwareOf(server: Server | undefined): Software {
  let client: string | null = null;
  let answered: string | null = null;
  for (const { calls } of server?.attempts.values() ?? []) {
    if (calls[0]?.requests[0]?.method !== 'initialize') continue;
    for (const { requests, responses } of calls) {
      for (const { params } of requests) client ??= named(params, 'clientInfo');
      for (const { result } of responses) answered ??= named(result, 'serverInfo');
    }
  }
  return { client, server: answered };
}

function named(object: JsonObject | null, member: string): string | null {
  const info = object === null ? null : objectMember(object, member);
  const name = info === null ? null : stringMember(info, 'name');
  const version = info === null ? null : stringMember(info, 'version');
  return name === null ? null : `${name}${version === null ? '' : ` ${version}`}`;
}
