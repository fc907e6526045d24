import { stringMember } from '../../../protocol/json.ts';
import type { Server } from '../../../story/model.ts';

/** How many of a server's first calls may hold the client's offer. */
const FIRST_CALLS = 8;

/**
 * Whether the client follows MCP 2025-03-26, which knew no protected resource metadata: that was agreed on,
 * or nothing was yet and the client's `initialize` offers nothing newer.
 */
export function followsOldest(server: Server): boolean {
  if (server.revision !== null) return server.revision === '2025-03-26';
  const first = server.calls.slice(0, FIRST_CALLS).flatMap(({ requests }) => requests);
  const offers = first.filter(({ method }) => method === 'initialize');
  return (
    offers.length > 0 && offers.every(({ params }) => stringMember(params ?? {}, 'protocolVersion') === '2025-03-26')
  );
}
