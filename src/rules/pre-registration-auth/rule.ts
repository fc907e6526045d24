import { clientIdOf } from '../../story/client-id.ts';
import { groupBy } from '../../story/group.ts';
import { documentAt } from '../../story/issuer-documents.ts';
import { issuerKey } from '../../story/issuers.ts';
import type { Chain, Grant, Registration, Server, Story } from '../../story/model.ts';
import { callsAfter } from '../../story/queries.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence, present } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { short } from '../shared/evidence/short.ts';
import { issuedIds } from '../shared/issuer-binding/client-use.ts';
import { isUrlClientId, tokenClientOf } from '../shared/registration/client-id.ts';
import { clientErrorOf, refusesClient } from '../shared/registration/client-verdict.ts';
import { type BoundRegistration, boundRegistrations } from '../shared/registration/registration.ts';
import { levelSince, sinceWords } from '../shared/revision/since.ts';
import { mcp, rfc } from '../shared/spec/links.ts';
import { REGISTRATION_PAGE } from '../shared/spec/registration-links.ts';

/** A client that has a working client_id from elsewhere keeps to it. */
export const rule = defineRule({
  id: 'pre-registration-auth',
  title: 'Supplied client credentials ignored',
  party: 'client',
  level: 'warning',
  since: '2025-11-25',
  spec: [
    mcp('2026-07-28', 'pre-registration', REGISTRATION_PAGE),
    mcp('2025-11-25', 'preregistration'),
    rfc(6749, '2.3.1'),
  ],
  fix: 'Prefer the configured client_id to a new registration, and use it at both endpoints.',
  *judge(story) {
    const issued = issuedIds(story);
    const there = groupBy(boundRegistrations(story), ({ registration }) => issuerKey(registration.issuer));
    for (const chain of story.chains) {
      const { server, clientId } = chain;
      // An unread answer may have given this very id.
      if (
        !server ||
        clientId === null ||
        clientId === '' ||
        isUrlClientId(clientId) ||
        issued.has(clientId) ||
        chain.registration
      )
        continue;
      const own = (there.get(issuerKey(chain.issuer)) ?? []).filter((bound) => bound.server === server);
      const judgement = judge(story, chain, server, own);
      if (judgement) yield judgement;
    }
  },
});

function judge(story: Story, chain: Chain, server: Server, bound: readonly BoundRegistration[]): Judgement | null {
  const first = chain.grants.find(({ authorization }) => authorization !== null);
  if (!first?.authorization) return null;
  const subject = server.url;
  const asked = parameterOf(first.authorization, 'client_id');
  const level = levelSince(server, '2025-11-25', 'warning');
  const words = sinceWords(server, '2025-11-25');
  for (const { token, authorization } of chain.grants) {
    const other = token && clientIdOf(token);
    if (!token || !authorization || other === null || other === authorization.request.clientId) continue;
    const message = `The client asked for authorization as ${short(authorization.request.clientId ?? '')} and for the token as ${short(other)}${words}.`;
    return {
      kind: 'fail',
      level: levelSince(server, '2025-11-25', 'warning', refusesClient(token)),
      subject,
      message,
      evidence: [tokenClientOf(token), parameterOf(authorization, 'client_id')],
    };
  }
  const accepted = chain.grants.find(
    ({ authorization, callback }) => authorization !== null && hasCode(callback?.response.code ?? null),
  );
  const document = documentAt(story, chain.issuer, first.authorization.exchange.sent);
  // Without the discovery before the request, the registration that gave the id may be what the log lacks.
  const covered = document !== null && document.exchange.sent <= first.authorization.exchange.sent;
  const later =
    accepted && covered
      ? bound
          .map(({ registration }) => registration)
          .find(
            (registration) =>
              isReplacement(chain, accepted, registration) && !hasForgotten(server, accepted, registration),
          )
      : undefined;
  if (accepted?.authorization && later) {
    const seen = present([
      evidence(later.exchange, 'request.url', `${later.exchange.method} ${later.exchange.url}`),
      parameterOf(accepted.authorization, 'client_id'),
      accepted.callback ? evidence(accepted.callback.exchange, accepted.callback.part, 'a code') : null,
    ]);
    const message = `The client had the working client_id ${short(chain.clientId ?? '')} at ${chain.issuer}, and registered there all the same${words}.`;
    return { kind: 'fail', level, subject, message, evidence: seen };
  }
  if (!document || document.metadata.registrationEndpoint !== null) {
    const message = 'The client_id is from before this log: pre-registered, or registered in an earlier session.';
    return { kind: 'notApplicable', subject, message, evidence: [asked] };
  }
  // Without a registration endpoint the id can only have been supplied.
  const { token } = first;
  if (!token) {
    const message = 'The client asked with a supplied id; the token request is not in the log.';
    return { kind: 'open', subject, message, evidence: [asked], missing: ['token-request'] };
  }
  if (clientIdOf(token) === null) {
    const message = 'The client asked with a supplied id; the token request shows none.';
    return { kind: 'open', subject, message, evidence: [asked, tokenClientOf(token)], missing: ['token-request'] };
  }
  return {
    kind: 'pass',
    subject,
    message: 'The client kept to the client_id that it had.',
    evidence: [asked, tokenClientOf(token)],
  };
}

/** A code was delivered; a redactor's placeholder counts, for only that there was one matters. */
function hasCode(code: string | null): boolean {
  return code !== null && code !== '';
}

/**
 * A registration by the same client (one of its redirect URIs, the same tab) after its id had worked, with
 * nothing in between by which the authorization server refused the id.
 */
function isReplacement(chain: Chain, accepted: Grant, { exchange, request }: Registration): boolean {
  const { authorization, callback } = accepted;
  if (!authorization || !callback || exchange.sent <= callback.exchange.sent) return false;
  if (exchange.page !== null && authorization.exchange.page !== null && exchange.page !== authorization.exchange.page)
    return false;
  if (!request?.redirectUris?.includes(authorization.request.redirectUri ?? '')) return false;
  return !chain.grants.some((grant) => isRefusedBetween(grant, callback.exchange.sent, exchange.sent));
}

/** Whether the client called without a token meanwhile: it was told to clear what it had stored, its id with the rest. */
function hasForgotten(server: Server, { callback }: Grant, { exchange }: Registration): boolean {
  for (const call of callsAfter(server, callback?.exchange.sent ?? exchange.sent)) {
    if (call.exchange.sent > exchange.sent) return false;
    if (call.scheme === 'none') return true;
  }
  return false;
}

function isRefusedBetween(grant: Grant, from: number, to: number): boolean {
  const within = (sent: number): boolean => sent >= from && sent <= to;
  const requests = grant.token ? [grant.token, ...grant.refreshes] : grant.refreshes;
  const refused = requests.some(
    (request) =>
      within(request.exchange.sent) &&
      (refusesClient(request) || (request.exchange.response.status >= 400 && request.exchange.response.status < 500)),
  );
  return (
    refused ||
    (grant.authorization !== null && within(grant.authorization.exchange.sent) && clientErrorOf(grant) !== null)
  );
}
