import type { Revision } from '../../../protocol/mcp.ts';
import type { Server } from '../../../story/model.ts';
import { speaks } from '../../../story/revisions.ts';
import type { Level } from '../../outcome.ts';

/**
 * The level of a fault that a revision asks for (contract.md, law 1): its full level from that
 * revision on; a note before it or while the revision is unknown, unless the log shows the harm,
 * which makes it at least a warning.
 */
export function levelFrom(
  server: Server,
  since: Revision,
  full: Exclude<Level, 'none'>,
  harmed: boolean,
): Exclude<Level, 'none'> {
  const level = speaks(server, since) === true ? full : 'note';
  return harmed && level === 'note' ? 'warning' : level;
}

/** Which revision asks for it, where the negotiated one does not. */
export function fromRevision(server: Server, since: Revision): string {
  if (speaks(server, since) === true) return '';
  return server.revision === null
    ? ` (guidance from ${since}; the negotiated revision is not in the log)`
    : ` (guidance from ${since}; this server speaks ${server.revision})`;
}
