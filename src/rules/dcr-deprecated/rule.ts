import { speaks } from '../../story/revisions.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { documentSupport } from '../shared/registration/registration.ts';
import { type Choice, choices, isOutOfOrder, isUsedInstead } from '../shared/registration/registration-choice.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** Tells that a client registers dynamically where a client ID metadata document would do; never a fault. */
export const rule = defineRule({
  id: 'dcr-deprecated',
  title: 'Dynamic client registration, which is deprecated',
  party: 'client',
  level: 'note',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'dynamic-client-registration', REGISTRATION_PAGE), rfc(7591, '3')],
  fix: 'Prefer a client ID metadata document where the authorization server takes one.',
  *judge(story) {
    for (const choice of choices(story)) {
      const judgement = judge(choice);
      if (judgement) yield judgement;
    }
  },
});

function judge(choice: Choice): Judgement | null {
  const { registration, server, document, supported } = choice;
  // The two rules about the order of registration say it where they find fault.
  if (supported !== true || isOutOfOrder(choice) || isUsedInstead(choice)) return null;
  const subject = server.url;
  const spoken = speaks(server, '2026-07-28');
  const seen = present([
    evidence(registration.exchange, 'request.url', `${registration.exchange.method} ${registration.exchange.url}`),
    document && documentSupport(document),
  ]);
  if (spoken === false)
    return {
      kind: 'notApplicable',
      subject,
      message: `MCP ${server.revision} does not deprecate dynamic registration.`,
      evidence: seen,
    };
  if (spoken === null) {
    const message =
      'Whether dynamic registration is deprecated here cannot be told: the negotiated revision is not in the log.';
    return { kind: 'open', subject, message, evidence: seen, missing: ['protocol-version'] };
  }
  const message =
    'The client registered dynamically, which is deprecated from 2026-07-28; the authorization server takes client ID metadata documents.';
  return { kind: 'informational', subject, message, evidence: seen };
}
