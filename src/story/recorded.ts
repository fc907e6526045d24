import type { Content, Exchange } from '../exchange/exchange.ts';
import type { Call, TokenExchange } from './model.ts';
import { isSuccess } from './token-answers.ts';
import { isSecret } from './token-book.ts';

/** Whether the recording holds the response headers (cause C5). */
export function knowsHeaders({ response }: Exchange): boolean {
  return response.headers.length > 0;
}

/** The answer's body was not recorded although there was, or may have been, one (cause C8). */
export function lacksBody({ response }: Exchange): boolean {
  return response.body.state === 'missing' || (response.body.state === 'cut' && response.body.text === '');
}

/** A body that was not recorded as it was sent: not at all, in part, or as what is no text. */
export function isUnreadable({ state }: Content): boolean {
  return state === 'missing' || state === 'cut' || state === 'binary';
}

/** Whether a POST to an MCP server holds a message that the recording does not show. */
export function isUnreadMessage({ exchange, requests }: Call): boolean {
  return exchange.method === 'POST' && requests.length === 0 && exchange.request.body.state !== 'whole';
}

/** Whether the recording holds the whole request: what is absent from it was not sent. */
export function isWhole({ exchange }: TokenExchange): boolean {
  return exchange.request.body.state === 'whole';
}

/**
 * Whether the recording lost the secrets of a request: the authorization server accepted a code exchange
 * without a code, or a refresh without a refresh token, which nobody does.
 */
export function hasLostSecrets(by: TokenExchange): boolean {
  const { grantType, code, refreshToken } = by.request;
  const needed = grantType === 'refresh_token' ? refreshToken : code;
  return (needed === null || !isSecret(needed)) && isSuccess(by);
}
