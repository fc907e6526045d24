import { isUnreadable } from '../../story/recorded.ts';
import { speaks } from '../../story/revisions.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import { type BoundRegistration, boundRegistrations, requestedMember } from '../shared/registration/registration.ts';
import { isRedirectRejection, rejectionOf } from '../shared/registration/registration-error.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp } from '../shared/spec/links.ts';
import { OIDC_REGISTRATION } from '../shared/spec/registration-links.ts';

/** A dynamic registration says whether it is for a native or a web application (SEP-837). */
export const rule = defineRule({
  id: 'sep-837-application-type-present',
  title: 'Registration without application_type',
  party: 'client',
  level: 'error',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'application-type-and-redirect-uri-constraints', 'client-registration'), OIDC_REGISTRATION],
  fix: 'Send application_type "native" (localhost, desktop, CLI) or "web" (hosted page) in the registration request.',
  *judge(story) {
    for (const bound of boundRegistrations(story)) yield judge(bound);
  },
});

function judge({ registration, server }: BoundRegistration): Judgement {
  const { exchange, request } = registration;
  const subject = server.url;
  const shown = requestedMember(registration, 'application_type');
  const type = request?.applicationType ?? null;
  const rejected = request !== null && type === null && isRedirectRejection(registration);
  if (speaks(server, '2026-07-28') === false) {
    if (rejected) {
      const message = `The registration was refused without application_type (${rejectionOf(registration).note}); MCP ${server.revision} does not ask for it, and an OpenID provider takes its absence for web.`;
      return { kind: 'informational', subject, message, evidence: [rejectionOf(registration), shown] };
    }
    return {
      kind: 'notApplicable',
      subject,
      message: `MCP ${server.revision} does not ask for application_type.`,
      evidence: [shown],
    };
  }
  if (!request) {
    const unread = isUnreadable(exchange.request.body);
    const seen = [evidence(exchange, 'request.postData', unread ? 'body not recorded' : 'no client metadata')];
    if (unread)
      return {
        kind: 'open',
        subject,
        message: 'The registration request has no readable body in the log.',
        evidence: seen,
        missing: ['registration-request'],
      };
    return {
      kind: 'notApplicable',
      subject,
      message: 'The registration request holds no client metadata.',
      evidence: seen,
    };
  }
  if (type === 'native' || type === 'web')
    return {
      kind: 'pass',
      subject,
      message: `The client registered with application_type ${type}.`,
      evidence: [shown],
    };
  const said = Object.hasOwn(request.raw, 'application_type')
    ? `with ${shown.note}, which is neither native nor web`
    : 'without application_type, which means web to an OpenID provider';
  if (speaks(server, '2026-07-28') === null && !rejected) {
    const message = `The client registered ${said}; whether MCP asks for it here, as it does from 2026-07-28 on, is not in the log.`;
    return { kind: 'open', subject, message, evidence: [shown], missing: ['protocol-version'] };
  }
  return {
    kind: 'fail',
    level: levelSince(server, '2026-07-28', 'error', rejected),
    subject,
    message: `The client registered ${said}${sinceWords(server, '2026-07-28')}.`,
    evidence: [shown],
  };
}
