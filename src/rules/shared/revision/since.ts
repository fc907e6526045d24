import type { Revision } from '../../../protocol/mcp.ts';
import type { Server } from '../../../story/model.ts';
import { holdsFor } from '../../../story/revisions.ts';
import type { Level } from '../../outcome.ts';

type FaultLevel = Exclude<Level, 'none'>;

/**
 * The level of a fault that a revision asks for: the full one where its text holds; a note for a revision older than
 * it, and for one that may be, unless the log shows the harm (contract.md, law 1).
 */
export function levelSince(server: Server, since: Revision, full: FaultLevel, harmed = false): FaultLevel {
  const level = holdsFor(server, since) ? full : 'note';
  return harmed && level === 'note' ? 'warning' : level;
}

/** Which revision asks for it, in words, where it does not hold. */
export function sinceWords(server: Server, since: Revision): string {
  if (holdsFor(server, since)) return '';
  return server.revision === null
    ? ` (guidance from ${since}; the negotiated revision is not in the log)`
    : ` (guidance from ${since}; this server speaks ${server.revision})`;
}
