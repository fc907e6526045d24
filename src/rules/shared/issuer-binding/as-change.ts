import { isSameIssuer } from '../../../story/issuers.ts';
import type { Registration, Story } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { isUrlClientId } from '../registration/client-id.ts';
import { type ClientUse, clientUses, issuedIds, ownsEndpoint } from './client-use.ts';
import { changesOf, type Migration, migrationTo } from './migration.ts';

/** The use of a client identifier at the authorization server that took another's place (MCP, authorization server binding). */
export interface ChangedUse {
  readonly use: ClientUse;
  readonly migration: Migration;
  /**
   * Whose the identifier is: of a registration at the new or the old authorization server, a URL (portable),
   * one that was used at the old one without a registration in the log, or one seen nowhere before.
   */
  readonly whose: 'new' | 'old' | 'url' | 'used-at-old' | 'unknown';
  /** The registration that gave it, where there is one. */
  readonly registration: Registration | null;
  /** A registration at the new authorization server before the use. */
  readonly renewed: Registration | null;
  /** The identifiers that the old one gave or was sent. */
  readonly oldIdsKnown: boolean;
}

/** The first use of each identifier at each new authorization server, in time order. */
export const changedUses = oncePer((story: Story): readonly ChangedUse[] => {
  const ids = issuedIds(story);
  const uses = clientUses(story);
  const all = [...ids.values()].flat();
  const changes = new Map(story.servers.map((server) => [server, changesOf(server)]));
  const found = new Map<string, ChangedUse>();
  for (const use of uses) {
    const key = JSON.stringify([use.server.url, use.issuer, use.clientId]);
    const documents = changes.get(use.server) ?? [];
    if (documents.length < 2 || found.has(key)) continue;
    const migration = migrationTo(documents, use.issuer, use.exchange.sent);
    if (!migration || migration.left.some((issuer) => ownsEndpoint(story, issuer, use.exchange.url))) continue;
    const isOld = (issuer: string): boolean => migration.left.some((known) => isSameIssuer(known, issuer));
    const registrations = ids.get(use.clientId) ?? [];
    const own = registrations.find(({ issuer }) => isSameIssuer(issuer, use.issuer)) ?? null;
    const old = registrations.find(({ issuer }) => isOld(issuer)) ?? null;
    const earlier = uses.filter((other) => isOld(other.issuer) && other.exchange.sent < use.exchange.sent);
    const whose = own
      ? 'new'
      : old
        ? 'old'
        : isUrlClientId(use.clientId)
          ? 'url'
          : earlier.some(({ clientId }) => clientId === use.clientId)
            ? 'used-at-old'
            : 'unknown';
    const renewed =
      all
        .filter(({ issuer, exchange }) => isSameIssuer(issuer, use.issuer) && exchange.sent <= use.exchange.sent)
        .at(-1) ?? null;
    const oldIdsKnown = earlier.length > 0 || all.some(({ issuer }) => isOld(issuer));
    found.set(key, { use, migration, whose, registration: own ?? old, renewed, oldIdsKnown });
  }
  return [...found.values()];
});
