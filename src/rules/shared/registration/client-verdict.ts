import type { Grant, TokenExchange } from '../../../story/model.ts';
import { isSuccess } from '../../../story/token-answers.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence, tokenAnswerOf } from '../evidence/evidence.ts';

/** Errors by which an authorization server says that it does not know or accept the client (RFC 6749 sections 4.1.2.1 and 5.2). */
const CLIENT_ERRORS: ReadonlySet<string> = new Set(['invalid_client', 'unauthorized_client']);

/** Where an authorization server refused the client itself: by an error, or by an error page (RFC 6749 section 4.1.2.1); null when it did not. */
export function clientErrorOf({ authorization, callback, token }: Grant): Evidence | null {
  const error = callback?.response.error ?? null;
  if (callback && error !== null && CLIENT_ERRORS.has(error))
    return evidence(callback.exchange, callback.part, `error=${error}`);
  if (token && refusesClient(token)) return tokenAnswerOf(token);
  const status = authorization?.exchange.response.status ?? 0;
  if (authorization && !callback && !token && status >= 400 && status < 500)
    return evidence(authorization.exchange, 'response.status', String(status));
  return null;
}

/** Whether a token request was refused because of the client. */
export function refusesClient({ response }: TokenExchange): boolean {
  return response?.error !== null && response?.error !== undefined && CLIENT_ERRORS.has(response.error);
}

/** Where an authorization server shows that it knows the client: a code, a token, or an error about something else sent back to it. */
export function acceptanceOf({ callback, token }: Grant): Evidence | null {
  if (token && isSuccess(token)) return tokenAnswerOf(token);
  const { code, error } = callback?.response ?? { code: null, error: null };
  if (!callback || (code === null && (error === null || CLIENT_ERRORS.has(error)))) return null;
  return evidence(callback.exchange, callback.part, code === null ? `error=${error}` : 'a code');
}
