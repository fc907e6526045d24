import type { Chain } from '../../story/model.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present, rangeOfText, scopeOf, tokenRequestOf } from '../shared/evidence/evidence.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { harmOf, harmShown, type OfflineAccess, offlineAccess } from '../shared/scopes/offline-access.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

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
    const byChain = new Map<Chain, OfflineAccess[]>();
    for (const access of offlineAccess(story)) {
      const known = byChain.get(access.chain);
      if (known) known.push(access);
      else byChain.set(access.chain, [access]);
    }
    for (const accesses of byChain.values()) yield* judge(accesses);
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

/** The registration is the occasion; any authorization of the chain may show the wish, or the harm. */
function* judge(accesses: readonly OfflineAccess[]): Generator<Judgement> {
  const [first] = accesses;
  if (!first) return;
  const { server, registration, grant } = first;
  const declared = declaredByClient(first);
  const desire = accesses.map(desireOf).find((shown) => shown !== null) ?? null;
  const consequence = accesses.map((access) => access.consequence).find((felt) => felt !== null) ?? null;
  const subject = server.url;
  const text = registration?.exchange.request.body.text ?? '';
  const registered = registration
    ? evidence(registration.exchange, 'request.postData', 'grant_types', rangeOfText(text, '"grant_types"'))
    : null;
  const started = grant.authorization ? scopeOf(grant.authorization) : null;
  const occasion = `registration ${registration?.exchange.entry ?? 'none'}`;
  const felt = consequence ? harmShown(consequence) : null;
  if (declared === 'yes') {
    const message = 'The client declared the refresh_token grant.';
    return yield { kind: 'pass', subject, occasion, message, evidence: present([registered]) };
  }
  if (!desire) {
    const message = 'Nothing in the log shows that the client wants refresh tokens.';
    yield { kind: 'notApplicable', subject, occasion, message, evidence: present([registered ?? started]) };
    if (declared === 'no' && consequence?.how === 'signed in again') {
      const harm = `The client did not declare the refresh_token grant, and the ${harmOf(consequence)}; declaring it and requesting offline_access would avoid this.`;
      yield { kind: 'informational', subject, occasion, message: harm, evidence: present([registered, felt]) };
    }
    return;
  }
  if (declared === 'unknown') {
    const message = "The client's registration is not in the log.";
    return yield { kind: 'open', subject, occasion, message, evidence: [desire], missing: ['client-registration'] };
  }
  const harmed = consequence === null ? '' : `, and the ${harmOf(consequence)}`;
  yield {
    kind: 'fail',
    level: levelSince(server, '2026-07-28', 'warning', consequence !== null),
    subject,
    occasion,
    message: `The client asks for refresh tokens and did not declare the refresh_token grant in its grant_types${harmed}${sinceWords(server, '2026-07-28')}.`,
    evidence: present([registered, desire, felt]),
  };
}
