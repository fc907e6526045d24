import { isSameIssuer, issuerKey } from '../../story/issuers.ts';
import type { Registration, Story } from '../../story/model.ts';
import { isSecret } from '../../story/token-book.ts';
import type { Evidence } from '../outcome.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import {
  type ClientUse,
  clientUses,
  isKnownIssuer,
  issuedIds,
  originOf,
  ownsEndpoint,
} from '../shared/issuer-binding/client-use.ts';
import { everNamed } from '../shared/issuer-binding/migration.ts';
import { answeredMember } from '../shared/registration/registration.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { DISCOVERY_PAGE, REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** Client credentials belong to the authorization server that issued them, and go to no other. */
export const rule = defineRule({
  id: 'sep-2352-no-cross-as-credential-reuse',
  title: 'Client credentials sent to another authorization server',
  party: 'client',
  level: 'error',
  since: '2026-07-28',
  spec: [
    mcp('2026-07-28', 'authorization-server-binding', REGISTRATION_PAGE),
    mcp('2026-07-28', 'authorization-server-location', DISCOVERY_PAGE),
    rfc(6749, '2.2'),
  ],
  fix: "Keep client credentials by the authorization server's issuer, and register anew at each.",
  *judge(story) {
    const ids = issuedIds(story);
    const uses = clientUses(story);
    const issuers = new Set([...ids.values()].flat().map(({ issuer }) => issuerKey(issuer)));
    const judged = new Set<string>();
    for (const use of uses) {
      const key = JSON.stringify([use.clientId, use.issuer, use.server.url]);
      if (judged.has(key)) continue;
      judged.add(key);
      const judgement = judge(story, use, ids, hasOther(use, issuers));
      if (judgement) yield judgement;
    }
    yield* judgeSecrets(story, uses, ids);
  },
});

/** null for an identifier that no registration of the log gave, and where there is only one authorization server. */
function judge(
  story: Story,
  use: ClientUse,
  ids: ReadonlyMap<string, readonly Registration[]>,
  several: boolean,
): Judgement | null {
  const origin = originOf(story, use, ids);
  if (origin.kind === 'unknown') return null;
  const subject = use.server.url;
  const seen = [use.shown, answeredMember(origin.registration, 'client_id')];
  switch (origin.kind) {
    case 'own':
      return several
        ? { kind: 'pass', subject, message: `The client uses the id that ${use.issuer} gave it.`, evidence: seen }
        : null;
    case 'doubtful': {
      const message = `The client_id was registered at ${origin.registration.issuer} and is used at ${use.issuer}; whether that is another authorization server's is not in the log.`;
      return { kind: 'open', subject, message, evidence: seen, missing: [origin.missing] };
    }
    case 'foreign':
      return fault(use, origin.registration.issuer, 'client_id', seen);
  }
}

/** Whether the client registered for this server at another authorization server too. */
function hasOther({ server, issuer }: ClientUse, issuers: ReadonlySet<string>): boolean {
  const own = issuerKey(issuer);
  return [...everNamed(server)].some((other) => other !== own && issuers.has(other));
}

function fault(use: ClientUse, issuer: string, what: string, seen: readonly Evidence[]): Judgement {
  return {
    kind: 'fail',
    level: levelSince(use.server, '2026-07-28', 'error', use.refused),
    subject: use.server.url,
    message: `The client sent the ${what} that it got from ${issuer} to ${use.issuer}${use.refused ? ', which refused it' : ''}${sinceWords(use.server, '2026-07-28')}.`,
    evidence: seen,
  };
}

/** Secrets that went to another authorization server under an id of its own. */
function* judgeSecrets(
  story: Story,
  uses: readonly ClientUse[],
  ids: ReadonlyMap<string, readonly Registration[]>,
): Generator<Judgement> {
  const byExchange = new Map(uses.map((use) => [use.exchange, use]));
  for (const registration of [...ids.values()].flat()) {
    const secret = registration.response?.clientSecret ?? null;
    if (!isSecret(secret) || !isKnownIssuer(story, registration.issuer)) continue;
    for (const { exchange, part, range } of story.sightings(secret)) {
      const use = byExchange.get(exchange);
      if (!use || use.clientId === registration.clientId || isSameIssuer(use.issuer, registration.issuer)) continue;
      if (!isKnownIssuer(story, use.issuer) || ownsEndpoint(story, registration.issuer, exchange.url)) continue;
      if ((ids.get(use.clientId) ?? []).some(({ response }) => response?.clientSecret === secret)) continue;
      const sent = evidence(exchange, part, 'client_secret', range);
      yield fault(use, registration.issuer, 'client_secret', [
        sent,
        evidence(registration.exchange, 'response.content', 'issued here'),
      ]);
    }
  }
}
