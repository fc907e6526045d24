import { asObject, parseJson } from '../../protocol/json.ts';
import { isUnreadable } from '../../story/recorded.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { evidence } from '../shared/evidence/evidence.ts';
import {
  answeredMember,
  type BoundRegistration,
  boundRegistrations,
  isRegistered,
  requestedMember,
} from '../shared/registration/registration.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** A registration request and its answer have what RFC 7591 asks for; the client and the authorization server are judged apart. */
export const rule = defineRule({
  id: 'client-registration',
  title: 'Registration request or response malformed',
  party: 'client',
  level: 'error',
  since: '2025-03-26',
  spec: [
    mcp('2026-07-28', 'dynamic-client-registration', 'client-registration'),
    mcp('2025-11-25', 'dynamic-client-registration'),
    rfc(7591, '3.1'),
    rfc(7591, '3.2.1'),
  ],
  fix: 'Register with a JSON object that holds redirect_uris, and answer with 201 and a client_id, as RFC 7591 has it.',
  *judge(story) {
    for (const bound of boundRegistrations(story)) {
      yield judgeRequest(bound);
      const answer = judgeAnswer(bound);
      if (answer) yield answer;
    }
  },
});

/** Grants that send the user agent back to the client (RFC 7591 section 2.1). */
const REDIRECTING: ReadonlySet<string> = new Set(['authorization_code', 'implicit']);

function judgeRequest({ registration, server }: BoundRegistration): Judgement {
  const { exchange, request } = registration;
  const { body } = exchange.request;
  const judged = { party: 'client', subject: server.url } as const;
  const whole = evidence(exchange, 'request.postData', `${exchange.method} ${exchange.url}`);
  if (isUnreadable(body)) {
    return {
      ...judged,
      kind: 'open',
      message: 'The registration request has no readable body in the log.',
      evidence: [whole],
      missing: ['registration-request'],
    };
  }
  const raw = asObject(parseJson(body.text));
  if (!raw)
    return { ...judged, kind: 'fail', message: 'The registration request is no JSON object.', evidence: [whole] };
  const grants = request?.grantTypes ?? ['authorization_code'];
  const uris = requestedMember(registration, 'redirect_uris');
  if ((request?.redirectUris ?? []).length === 0 && grants.some((grant) => REDIRECTING.has(grant))) {
    return {
      ...judged,
      kind: 'fail',
      message: 'The client registered for a grant with a redirect and named no redirect_uris.',
      evidence: [uris],
    };
  }
  return {
    ...judged,
    kind: 'pass',
    message: 'The registration request holds what RFC 7591 asks for.',
    evidence: [uris],
  };
}

/** null for a refusal, which is `dcr-rejection-handled`'s, and where there was no answer. */
function judgeAnswer({ registration, server }: BoundRegistration): Judgement | null {
  const { exchange, response, clientId } = registration;
  if (!isRegistered(registration)) return null;
  const { status, body } = exchange.response;
  const judged = { party: 'authorization-server', subject: server.url } as const;
  if (isUnreadable(body)) {
    const seen = [evidence(exchange, 'response.content', 'body not recorded')];
    return {
      ...judged,
      kind: 'open',
      message: 'The answer to the registration has no readable body in the log.',
      evidence: seen,
      missing: ['registration-response'],
    };
  }
  if (clientId === null || clientId === '') {
    const message = `The authorization server answered the registration with ${status} and no client_id.`;
    return { ...judged, kind: 'fail', message, evidence: [answeredMember(registration, 'client_id')] };
  }
  const answered = evidence(exchange, 'response.status', String(status));
  if (status !== 201) {
    const message = `The authorization server answered the registration with ${status}; RFC 7591 has 201 Created.`;
    return { ...judged, kind: 'fail', level: 'note', message, evidence: [answered] };
  }
  if (response && response.clientSecret !== null && !Object.hasOwn(response.raw, 'client_secret_expires_at')) {
    const message =
      'The authorization server issued a client_secret without client_secret_expires_at, which RFC 7591 asks for beside it.';
    return {
      ...judged,
      kind: 'informational',
      message,
      evidence: [evidence(exchange, 'response.content', 'no client_secret_expires_at')],
    };
  }
  return {
    ...judged,
    kind: 'pass',
    message: 'The answer to the registration holds a client_id.',
    evidence: [answered],
  };
}
