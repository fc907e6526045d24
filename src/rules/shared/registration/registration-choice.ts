import type { Exchange } from '../../../exchange/exchange.ts';
import { append } from '../../../story/group.ts';
import { documentAt } from '../../../story/issuer-documents.ts';
import { isSameIssuer } from '../../../story/issuers.ts';
import type { Authorization, AuthorizationServerDocument, Registration, Server, Story } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { pageOriginOf } from '../../../story/page-origin.ts';
import { isUrlClientId } from './client-id.ts';
import { isLoopbackUri } from './redirect-uri.ts';
import { type BoundRegistration, boundRegistrations, isRegistered } from './registration.ts';

/** How one dynamic registration came about, as far as the log shows it (MCP, registration priority). */
export interface Choice extends BoundRegistration {
  readonly registration: Registration;
  readonly server: Server;
  /** The issuer's metadata; null when the log does not hold it (cause C1). */
  readonly document: AuthorizationServerDocument | null;
  /** Whether the authorization server takes client ID metadata documents; null when unknown. */
  readonly supported: boolean | null;
  /** An authorization request by which the same client shows that it has a client ID metadata document. */
  readonly capability: Authorization | null;
  /** The document was offered to this very issuer first, and refused. */
  readonly refusedBefore: boolean;
  /** The first authorization request with the id that the registration gave. */
  readonly used: Authorization | null;
  /** The client runs on this machine alone: it can host no document. */
  readonly local: boolean;
}

/** Every dynamic registration of an MCP server's client with what it could have done instead. */
export const choices = oncePer((story: Story): readonly Choice[] => {
  const byId = new Map<string, Authorization[]>();
  const withDocument: Shown[] = [];
  const issued = new Set(story.registrations.filter(({ source }) => source !== 'cimd').map(({ clientId }) => clientId));
  for (const { authorization, callback, token, server } of story.grants) {
    const clientId = authorization?.request.clientId ?? null;
    if (!authorization || !server || clientId === null) continue;
    if (isUrlClientId(clientId) && !issued.has(clientId)) {
      withDocument.push({
        authorization,
        server,
        accepted: Boolean(callback?.response.code ?? token?.response?.accessToken),
      });
    } else append(byId, clientId, authorization);
  }
  return boundRegistrations(story).map(({ registration, server }): Choice => {
    const { exchange, issuer } = registration;
    const document = documentAt(story, issuer, exchange.sent);
    const uris = new Set(registration.request?.redirectUris ?? registration.response?.redirectUris ?? []);
    const own = withDocument.filter((shown) => isSameClient(shown, server, exchange, uris));
    const tried = own.filter(
      ({ authorization }) => isSameIssuer(authorization.issuer, issuer) && authorization.exchange.sent < exchange.sent,
    );
    const there = registration.clientId === null ? [] : (byId.get(registration.clientId) ?? []);
    return {
      registration,
      server,
      document,
      supported: document && document.metadata.clientIdMetadataDocumentSupported === true,
      capability: own[0]?.authorization ?? null,
      refusedBefore: tried.length > 0 && tried.every(({ accepted }) => !accepted),
      used: there.find((authorization) => isSameIssuer(authorization.issuer, issuer)) ?? null,
      local: (uris.size > 0 && [...uris].every(isLoopbackUri)) || isLoopbackUri(pageOriginOf(exchange) ?? ''),
    };
  });
});

interface Shown {
  readonly authorization: Authorization;
  readonly server: Server;
  readonly accepted: boolean;
}

/** One client: it comes back to the same place, and is of the same tab or speaks to the same server. */
function isSameClient(
  { authorization, server: other }: Shown,
  server: Server,
  exchange: Exchange,
  uris: ReadonlySet<string>,
): boolean {
  const { page } = authorization.exchange;
  return (
    uris.has(authorization.request.redirectUri ?? '') && (other === server || (page !== null && page === exchange.page))
  );
}

/** `registration-priority-order` finds fault: the client has a document, the authorization server takes it, and it registered. */
export function isOutOfOrder({ supported, capability, refusedBefore }: Choice): boolean {
  return supported === true && capability !== null && !refusedBefore;
}

/** `cimd-client-id-used` speaks: the authorization server takes documents, and the client asked with a registered id. */
export function isUsedInstead(choice: Choice): boolean {
  return (
    choice.supported === true &&
    choice.used !== null &&
    !isOutOfOrder(choice) &&
    !choice.refusedBefore &&
    isRegistered(choice.registration)
  );
}
