import type { Evidence } from '../../outcome.ts';
import type { Judgement } from '../../rule.ts';

/** The outcome where the client acted against a challenge of which it is not known whether it could read it (guard G4). */
export function challengeUntold(subject: string, evidence: readonly Evidence[]): Judgement {
  const message = 'Whether the client could read the challenge is not in the log.';
  return { kind: 'open', subject, message, evidence, missing: ['challenge-as-received'] };
}
