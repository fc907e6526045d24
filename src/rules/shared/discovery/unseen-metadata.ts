import type { Server, Story } from '../../../story/model.ts';
import { refusalWithoutMetadata, stepWithoutMetadata } from '../../../story/unseen-metadata.ts';
import type { Judgement } from '../../rule.ts';
import { stepOf } from '../authorization/sign-in.ts';
import { evidence } from '../evidence/evidence.ts';

/** Open, for want of the authorization server's metadata; null where it is there, known to be absent, or not needed. */
export function unseenIssuerMetadata(story: Story, server: Server): Judgement | null {
  const step = stepWithoutMetadata(story, server);
  return (
    step && {
      kind: 'open',
      subject: server.url,
      message: "The authorization server's metadata is not in the log.",
      evidence: [stepOf(step)],
      missing: ['authorization-server-metadata'],
    }
  );
}

/** Open, for want of the protected resource metadata (cause C2); null where it is there, known to be absent, or not needed. */
export function unseenMetadata(story: Story, server: Server): Judgement | null {
  const refusal = refusalWithoutMetadata(story, server);
  return (
    refusal && {
      kind: 'open',
      subject: server.url,
      message: 'The protected resource metadata is not in the log.',
      evidence: [evidence(refusal.exchange, 'response.status', String(refusal.status))],
      missing: ['protected-resource-metadata'],
    }
  );
}
