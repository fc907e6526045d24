import type { Revision } from '../../../protocol/mcp.ts';
import type { Server } from '../../../story/model.ts';
import { holdsFor } from '../../../story/revisions.ts';
import type { Level } from '../../outcome.ts';

import { fromRevision } from './revision.ts';

/** The full level where the text holds; a note for a revision older than it, and for one that may be. */
export function levelSince(server: Server, since: Revision, full: Exclude<Level, 'none'>): Exclude<Level, 'none'> {
  return holdsFor(server, since) ? full : 'note';
}

/** Which revision asks for it, in words, where it does not hold. */
export function sinceWords(server: Server, since: Revision): string {
  return holdsFor(server, since) ? '' : fromRevision(server, since);
}
