import { asObject, parseJson, stringMember } from '../../../protocol/json.ts';
import type { Registration } from '../../../story/model.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence } from '../evidence/evidence.ts';
import { memberAnswered } from '../evidence/members.ts';
import { short } from '../evidence/short.ts';

/** `error` of a refused registration (RFC 7591 section 3.2.2); null when there is none or the body is not in the log. */
export function registrationError({ exchange }: Registration): string | null {
  const answer = asObject(parseJson(exchange.response.body.text));
  return answer && stringMember(answer, 'error');
}

/** Whether the authorization server refused what the client says about itself (400 with one of two errors). */
export function isRedirectRejection(registration: Registration): boolean {
  const error = registrationError(registration);
  return (
    registration.exchange.response.status === 400 &&
    (error === 'invalid_redirect_uri' || error === 'invalid_client_metadata')
  );
}

/** That a registration was refused, and why. */
export function rejectionOf(registration: Registration): Evidence {
  const { exchange } = registration;
  const error = registrationError(registration);
  const note = `${exchange.response.status}${error === null ? '' : ` ${short(error)}`}`;
  if (error === null) return evidence(exchange, 'response.status', note);
  return evidence(exchange, 'response.content', note, memberAnswered(exchange, 'error'));
}
