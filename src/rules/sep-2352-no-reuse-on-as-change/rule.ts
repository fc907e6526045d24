import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { present } from '../shared/evidence/evidence.ts';
import { type ChangedUse, changedUses } from '../shared/issuer-binding/as-change.ts';
import { namedIn } from '../shared/issuer-binding/migration.ts';
import { answeredMember } from '../shared/registration/registration.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** When a server moves to another authorization server, the credentials of the old one stay behind. */
export const rule = defineRule({
  id: 'sep-2352-no-reuse-on-as-change',
  title: 'Old client credentials used after the authorization server changed',
  party: 'client',
  level: 'error',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'authorization-server-binding', REGISTRATION_PAGE), rfc(9728, '7.6')],
  fix: "Drop a server's client credentials when its metadata names another authorization server.",
  *judge(story) {
    for (const changed of changedUses(story)) yield judge(changed);
  },
});

function judge({ use, migration, whose, registration, oldIdsKnown }: ChangedUse): Judgement {
  const { server, issuer, shown, refused } = use;
  const subject = server.url;
  const seen = present([
    shown,
    namedIn(migration.after),
    namedIn(migration.before),
    registration && answeredMember(registration, 'client_id'),
  ]);
  if (whose === 'url')
    return {
      kind: 'notApplicable',
      subject,
      message: 'The client is known by a URL, which every authorization server may use.',
      evidence: seen,
    };
  if (whose === 'old') {
    return {
      kind: 'fail',
      level: levelSince(server, '2026-07-28', 'error', refused),
      subject,
      message: `The server moved from ${migration.left.join(', ')} to ${issuer}, and the client went on with the old client_id${refused ? ', which was refused' : ''}${sinceWords(server, '2026-07-28')}.`,
      evidence: seen,
    };
  }
  if (whose === 'used-at-old' || (whose === 'unknown' && !oldIdsKnown)) {
    const message = `The server moved from ${migration.left.join(', ')} to ${issuer}; where the client got its client_id is not in the log.`;
    return { kind: 'open', subject, message, evidence: seen, missing: ['client-registration'] };
  }
  return {
    kind: 'pass',
    subject,
    message: `After the move to ${issuer} the client left its old client_id behind.`,
    evidence: seen,
  };
}
