import { type Issuers, isSameIssuer } from './issuers.ts';
import type { Chain, Story, UnreadTokenRequest } from './model.ts';
import type { Reading } from './reading.ts';

/** Requests to token endpoints (`there`, in time order) whose bodies were not recorded: what they asked for  is unknown. */
export function findUnreadTokenRequests(there: readonly Reading[], issuers: Issuers): UnreadTokenRequest[] {
  return there.flatMap(({ exchange, target, tokenRequest }) => {
    const { state, text } = exchange.request.body;
    if (tokenRequest || exchange.method !== 'POST' || state === 'whole' || text !== '') return [];
    return [{ exchange, issuer: issuers.issuerOf(target.endpoint, 'token') }];
  });
}

/** The first of them that may be a refresh of the chain's, sent between two times (milliseconds since the epoch), or null. */
export function unreadRefresh(story: Story, chain: Chain, from: number, to: number): UnreadTokenRequest | null {
  return (
    story.unreadTokenRequests.find(
      ({ exchange, issuer }) => exchange.sent >= from && exchange.sent <= to && isSameIssuer(issuer, chain.issuer),
    ) ?? null
  );
}
