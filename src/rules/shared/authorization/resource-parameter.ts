import type { Server } from '../../../story/model.ts';
import { holdsFor } from '../../../story/revisions.ts';
import type { Evidence } from '../../outcome.ts';
import type { Judgement } from '../../rule.ts';

/** The revision that brought resource indicators (RFC 8707) into MCP. */
export const RESOURCE_SINCE = '2025-06-18';

/** Not applicable: the server's revision has no `resource` parameter. Null where it has. */
export function withoutResource(server: Server, shown: Evidence): Judgement | null {
  if (holdsFor(server, RESOURCE_SINCE)) return null;
  const message = `MCP ${server.revision} has no resource parameter.`;
  return { kind: 'notApplicable', subject: server.url, message, evidence: [shown] };
}
