import { readClientMetadata } from '../protocol/registration.ts';
import { readPlace } from '../protocol/url.ts';
import type { SeenAuthorization } from './authorizations.ts';
import { beganAt, clientKey, type GrantDraft } from './grants.ts';
import { groupBy } from './group.ts';
import { type Issuers, issuerKey } from './issuers.ts';
import type { Registration } from './model.ts';
import { bySent, firstAfter } from './order.ts';
import type { Reading } from './reading.ts';

/** Registration requests with their answers (RFC 7591 section 3), in time order. */
export function readRegistrations(
  hinted: readonly Reading[],
  atEndpoint: readonly Reading[],
  issuers: Issuers,
): Registration[] {
  const all = [...new Set([...hinted, ...atEndpoint.filter(({ exchange }) => exchange.method === 'POST')])];
  return all.sort(bySent).map(({ exchange, target }) => {
    const response = readClientMetadata(exchange.response.body.text);
    return {
      source: 'dcr',
      exchange,
      issuer: issuers.issuerOf(target.endpoint, 'registration'),
      clientId: response?.clientId ?? null,
      request: readClientMetadata(exchange.request.body.text),
      response,
    };
  });
}

/**
 * Client ID metadata documents that the log shows: a GET of the very URL that authorization requests
 * name as `client_id` (draft-ietf-oauth-client-id-metadata-document section 3), once for each issuer it was named to.
 */
export function readClientDocuments(
  authorizations: readonly SeenAuthorization[],
  at: (endpoint: string) => readonly Reading[],
): Registration[] {
  const documents: Registration[] = [];
  const known = new Set<string>();
  for (const { issuer, request } of authorizations) {
    const { clientId } = request;
    const key = JSON.stringify([clientId, issuer]);
    if (!clientId?.startsWith('https://') || known.has(key)) continue;
    known.add(key);
    for (const { exchange } of at(readPlace(clientId)?.endpoint ?? '')) {
      if (exchange.method !== 'GET' || exchange.url !== clientId || exchange.response.status !== 200) continue;
      const response = readClientMetadata(exchange.response.body.text);
      if (response) documents.push({ source: 'cimd', exchange, issuer, clientId, request: null, response });
    }
  }
  return documents.sort(bySent);
}

/** A client registers right before it sends the user to sign in, and no user signs in faster than this, milliseconds. */
const SIGN_IN = 2000;

/** Which registration a grant's client came from; none where the log lacks it (cause C6). */
export class ClientRegistrations {
  readonly #byClient: ReadonlyMap<string, readonly Registration[]>;
  readonly #requestsByIssuer: ReadonlyMap<string, readonly Registration[]>;

  constructor(registrations: readonly Registration[]) {
    this.#byClient = groupBy(registrations, clientKey);
    const requests = registrations.filter(({ source }) => source === 'dcr');
    this.#requestsByIssuer = groupBy(requests, ({ issuer }) => issuerKey(issuer));
  }

  /** The last registration of the client at its issuer; null when the log has none. */
  of(draft: GrantDraft): Registration | null {
    const known = draft.clientId === null ? undefined : this.#byClient.get(clientKey(draft))?.at(-1);
    return known ?? this.#soleUnread(draft);
  }

  /**
   * A registration whose answer was not recorded is the client's own if no other can be meant: those whose answer was
   * are other clients', and of several in one tab, each for a sign-in of its own, it is the last one before this.
   */
  #soleUnread(draft: GrantDraft): Registration | null {
    const there = this.#requestsByIssuer.get(issuerKey(draft.issuer)) ?? [];
    const end = firstAfter(there, beganAt(draft), ({ exchange }) => exchange.sent);
    const unread = there
      .slice(0, end)
      .filter(({ clientId, exchange }) => clientId === null && exchange.response.status < 300);
    const page = draft.authorization?.exchange.page ?? null;
    const own = page === null ? [] : unread.filter(({ exchange }) => exchange.page === page);
    const [last, before] = (own.length > 0 ? own : unread).toReversed();
    if (!last || !before) return last ?? null;
    return own.length > 0 && last.exchange.sent - before.exchange.sent > SIGN_IN ? last : null;
  }
}
