import type { Judgement, SpecLink } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { short } from '../shared/evidence/short.ts';
import { documentSupport } from '../shared/registration/registration.ts';
import { type Choice, choices, isOutOfOrder } from '../shared/registration/registration-choice.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** The page as a whole: it begins with the order. */
const PAGE: SpecLink = {
  text: 'MCP 2026-07-28, client registration',
  url: `https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/${REGISTRATION_PAGE}`,
};

/** A client that has a client ID metadata document uses it where it is taken, and registers only elsewhere. */
export const rule = defineRule({
  id: 'registration-priority-order',
  title: 'Registered although a client ID metadata document would do',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [PAGE, mcp('2025-11-25', 'client-registration-approaches'), rfc(7591, '3')],
  fix: 'Use pre-registered credentials first, then the client ID metadata document, and register dynamically only where neither will do.',
  *judge(story) {
    for (const choice of choices(story)) yield judge(choice);
  },
});

function judge(choice: Choice): Judgement {
  const { registration, server, document, supported, capability, refusedBefore } = choice;
  const subject = server.url;
  const sent = evidence(
    registration.exchange,
    'request.url',
    `${registration.exchange.method} ${registration.exchange.url}`,
  );
  if (!capability) {
    return {
      kind: 'notApplicable',
      subject,
      message: 'Nothing in the log shows that the client has a client ID metadata document.',
      evidence: [sent],
    };
  }
  const seen = present([sent, document && documentSupport(document), parameterOf(capability, 'client_id')]);
  if (supported === null) {
    const message =
      "The client has a client ID metadata document; the authorization server's metadata is not in the log.";
    return { kind: 'open', subject, message, evidence: seen, missing: ['authorization-server-metadata'] };
  }
  if (!isOutOfOrder(choice)) {
    const message = refusedBefore
      ? 'The client registered after its client ID metadata document was refused.'
      : 'The authorization server does not take client ID metadata documents, so the client registered.';
    return { kind: 'pass', subject, message, evidence: seen };
  }
  return {
    kind: 'fail',
    level: levelSince(server, '2025-11-25', 'warning'),
    subject,
    message: `The client has the client ID metadata document ${short(capability.request.clientId ?? '')} and the authorization server takes such documents, yet it registered dynamically${sinceWords(server, '2025-11-25')}.`,
    evidence: seen,
  };
}
