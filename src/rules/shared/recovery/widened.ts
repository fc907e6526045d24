import { includesAll } from '../../../protocol/scope.ts';
import { heededFrom } from '../../../story/heeded.ts';
import type { Call, Server, TokenExchange } from '../../../story/model.ts';
import { nextSuccess } from '../../../story/queries.ts';

/**
 * Whether a refresh brought the scopes that a call was refused for, as its answer or the call's success with its token
 * shows. RFC 6749 section 6 forbids to ask for more; some authorization servers add what was allowed meanwhile.
 */
export function widened(server: Server, call: Call, { exchange, response }: TokenExchange): boolean {
  const challenged = call.challenge?.scope ?? [];
  const { scope = null, accessToken = null } = response ?? {};
  if (scope !== null && challenged.length > 0 && includesAll(scope, challenged)) return true;
  return accessToken !== null && nextSuccess(server, call, heededFrom(exchange))?.credential === accessToken;
}
