import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { type ChangedUse, changedUses } from '../shared/issuer-binding/as-change.ts';
import { namedIn } from '../shared/issuer-binding/migration.ts';
import { answeredMember } from '../shared/registration/registration.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** When a server moves to another authorization server, the client registers there before it asks for anything. */
export const rule = defineRule({
  id: 'sep-2352-reregister-on-as-change',
  title: 'No registration at the new authorization server',
  party: 'client',
  level: 'error',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'authorization-server-binding', REGISTRATION_PAGE), rfc(7591, '3')],
  fix: "Register at the authorization server that the server's metadata names now, before the authorization request.",
  *judge(story) {
    for (const changed of changedUses(story)) {
      const judgement = judge(changed);
      if (judgement) yield judgement;
    }
  },
});

/** Only authorization requests are judged: by then the client must have registered. */
function judge({ use, migration, whose, registration, renewed }: ChangedUse): Judgement | null {
  const { server, issuer, shown, refused } = use;
  if (use.request !== null) return null;
  const subject = server.url;
  const seen = present([
    shown,
    namedIn(migration.after),
    namedIn(migration.before),
    registration && answeredMember(registration, 'client_id'),
    renewed && renewed !== registration ? evidence(renewed.exchange, 'request.url', 'registered here') : null,
  ]);
  if (whose === 'url')
    return {
      kind: 'notApplicable',
      subject,
      message: 'The client is known by a URL and need not register again.',
      evidence: seen,
    };
  if (whose === 'new' || (whose === 'old' && renewed !== null)) {
    return {
      kind: 'pass',
      subject,
      message: `The client registered at ${issuer} after the server moved there.`,
      evidence: seen,
    };
  }
  if (whose === 'old') {
    return {
      kind: 'fail',
      level: levelSince(server, '2026-07-28', 'error', refused),
      subject,
      message: `The server moved from ${migration.left.join(', ')} to ${issuer}, and the client asked for authorization there without registering${sinceWords(server, '2026-07-28')}.`,
      evidence: seen,
    };
  }
  const message = `The server moved from ${migration.left.join(', ')} to ${issuer}; where the client got its client_id is not in the log.`;
  return { kind: 'open', subject, message, evidence: seen, missing: ['client-registration'] };
}
