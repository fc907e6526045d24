import { type Revision, revisions } from '../../../protocol/mcp.ts';
import type { Server } from '../../../story/model.ts';
import type { Level } from '../../outcome.ts';
import { fromRevision, speaks } from './revision.ts';

/** An unknown negotiation is judged by this revision and every later one; what both ask for holds (cause C11). */
const OLDEST_CANDIDATE: Revision = '2025-11-25';

/**
 * Whether what `since` asks for holds for a server: its revision is that or later; while none is
 * known, whether every candidate revision asks for it.
 */
export function holdsFor(server: Server, since: Revision): boolean {
  return speaks(server, since) ?? revisions.indexOf(since) <= revisions.indexOf(OLDEST_CANDIDATE);
}

/** The full level where the text holds; a note for a revision older than it, and for one that may be. */
export function levelSince(server: Server, since: Revision, full: Exclude<Level, 'none'>): Exclude<Level, 'none'> {
  return holdsFor(server, since) ? full : 'note';
}

/** Which revision asks for it, in words, where it does not hold. */
export function sinceWords(server: Server, since: Revision): string {
  return holdsFor(server, since) ? '' : fromRevision(server, since);
}
