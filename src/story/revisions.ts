import { stringMember } from '../protocol/json.ts';
import { type Revision, revisions } from '../protocol/mcp.ts';
import type { Server } from './model.ts';

/** An unknown negotiation is judged by this revision and every later one; what both ask for holds (cause C11). */
const OLDEST_CANDIDATE: Revision = '2025-11-25';

/** Whether a server's negotiated revision is at least `since`; null while none is known (cause C11). */
export function speaks(server: Server, since: Revision): boolean | null {
  return server.revision === null ? null : revisions.indexOf(server.revision) >= revisions.indexOf(since);
}

/**
 * Whether what `since` asks for holds for a server: its revision is that or later; while none is
 * known, whether every candidate revision asks for it (cause C11).
 */
export function holdsFor(server: Server, since: Revision): boolean {
  return speaks(server, since) ?? revisions.indexOf(since) <= revisions.indexOf(OLDEST_CANDIDATE);
}

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
