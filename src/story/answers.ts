import { type Exchange, header } from '../exchange/exchange.ts';
import { asObject, parseJson, stringMember } from '../protocol/json.ts';
import type { Call } from './model.ts';
import { oncePer } from './once.ts';

/**
 * Ended and answered in a way that says something of what was asked for (guard G3): neither cut off, nor redirected,
 * nor put off for later.
 */
export function isDecided({ response: { status } }: Exchange): boolean {
  return status >= 200 && !(status >= 300 && status < 400) && !isPutOff(status) && status < 500;
}

/** Whether a status asks to come again: it says nothing of what was asked for (guard G3). */
export function isPutOff(status: number): boolean {
  return status === 408 || status === 425 || status === 429;
}

/** The combined `WWW-Authenticate` of an answer; null when it has none. */
export const challengeText = oncePer(({ response }: Exchange) => header(response.headers, 'www-authenticate'));

/** The top-level `error` of a JSON body; null when there is none. */
export const errorInBody = oncePer(({ response }: Exchange): string | null => {
  if (!response.body.text.includes('"error"')) return null;
  const object = asObject(parseJson(response.body.text));
  return object && stringMember(object, 'error');
});

/** Whether a call was answered 2xx. */
export function isAccepted({ status }: Call): boolean {
  return status >= 200 && status < 300;
}
