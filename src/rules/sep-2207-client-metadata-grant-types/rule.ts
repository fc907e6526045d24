import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present, rangeOfText, scopeOf, tokenRequestOf } from '../shared/evidence.ts';
import { type OfflineAccess, offlineAccess } from '../shared/offline-access.ts';
import { fromRevision, levelFrom } from '../shared/revision.ts';
import { mcp, rfc } from '../shared/spec.ts';
import { span } from '../shared/words.ts';

/** A client that shows it wants refresh tokens declares the grant that yields them (rules.md A.1.3 row 8). */
export const rule = defineRule({
  id: 'sep-2207-client-metadata-grant-types',
  title: 'refresh_token missing from the client metadata grant_types',
  party: 'client',
  level: 'warning',
  since: '2026-07-28',
  spec: [mcp('2026-07-28', 'refresh-tokens'), rfc(7591, '2')],
  fix: 'Declare grant_types ["authorization_code", "refresh_token"] in the registration or the client ID metadata document.',
  *judge(story) {
    const judged = new Set<string>();
    for (const access of offlineAccess(story)) {
      // The registration is the occasion; its first authorization that shows the wish decides.
      const desire = desireOf(access);
      const key = `${access.chain.id} ${desire !== null}`;
      if (judged.has(key)) continue;
      judged.add(key);
      yield judge(access, desire);
    }
  },
});

function desireOf({ grant, requested }: OfflineAccess) {
  if (requested === 'yes' && grant.authorization) return scopeOf(grant.authorization);
  const [refresh] = grant.refreshes;
  return refresh ? tokenRequestOf(refresh) : null;
}

/** What the client itself said; that an authorization server took the grant away is not its doing. */
function declaredByClient({ registration, declared }: OfflineAccess): OfflineAccess['declared'] {
  return registration?.request?.grantTypes?.includes('refresh_token') ? 'yes' : declared;
}

function judge(access: OfflineAccess, desire: ReturnType<typeof desireOf>): Judgement {
  const { server, registration, consequence, grant } = access;
  const declared = declaredByClient(access);
  const subject = server.url;
  const text = registration?.exchange.request.body.text ?? '';
  const registered = registration
    ? evidence(registration.exchange, 'request.postData', 'grant_types', rangeOfText(text, '"grant_types"'))
    : null;
  const started = grant.authorization ? scopeOf(grant.authorization) : null;
  const occasion = `registration ${registration?.exchange.entry ?? 'none'}`;
  if (declared === 'yes') {
    return { kind: 'pass', subject, occasion, message: 'The client declared the refresh_token grant.', evidence: present([registered]) };
  }
  if (!desire) {
    if (declared === 'no' && consequence?.how === 'signed in again') {
      return {
        kind: 'informational',
        subject,
        occasion,
        message: `The client did not declare the refresh_token grant, and the user had to sign in again after ${span(consequence.after)}.`,
        evidence: present([registered, { entry: consequence.entry, part: consequence.part, note: 'signed in again' }]),
      };
    }
    return { kind: 'notApplicable', subject, occasion, message: 'Nothing in the log shows that the client wants refresh tokens.', evidence: present([registered ?? started]) };
  }
  if (declared === 'unknown') {
    return { kind: 'open', subject, occasion, message: "The client's registration is not in the log.", evidence: [desire], missing: ['client-registration'] };
  }
  const level = levelFrom(server, '2026-07-28', 'warning', consequence !== null);
  return {
    kind: 'fail',
    level,
    subject,
    occasion,
    message: `The client asks for refresh tokens and did not declare the refresh_token grant in its grant_types${fromRevision(server, '2026-07-28')}.`,
    evidence: present([registered, desire]),
  };
}
