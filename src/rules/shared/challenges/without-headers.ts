import type { Call, Server } from '../../../story/model.ts';
import type { Judgement } from '../../rule.ts';
import { evidence } from '../evidence/evidence.ts';

/** A refusal whose response headers the recording lost. */
export function withoutHeaders(server: Server, { exchange, status }: Call): Judgement {
  return {
    kind: 'open',
    subject: server.url,
    message: 'The refusal was recorded without its headers.',
    evidence: [evidence(exchange, 'response.status', String(status))],
    missing: ['response-headers'],
  };
}
