import { isPutOff } from './answers.ts';
import { isFromGateway } from './gateways.ts';
import type { TokenExchange } from './model.ts';

/** A token response that was received and holds, or where its body was not recorded may hold, a token. */
export function isSuccess({ exchange, response }: TokenExchange): boolean {
  const { status } = exchange.response;
  return status >= 200 && status < 300 && (response === null || response.error === null);
}

/** Errors that speak of the authorization server's state, not of the token (RFC 6749 section 4.1.2.1). */
const PASSING: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable', 'slow_down']);

/** A refresh that the authorization server refused for good; GitHub does so with status 200. */
export function isDefiniteRefusal({ exchange, response }: TokenExchange): boolean {
  const { status } = exchange.response;
  const error = response?.error ?? null;
  if (status >= 200 && status < 300) return error !== null && !PASSING.has(error);
  if (status < 400 || status >= 500 || isPutOff(status)) return false;
  // A firewall's page says nothing of the token (guard G15).
  return status !== 403 || error !== null || !isFromGateway(exchange);
}

/** A refresh that failed without saying anything about the token. */
export function isTransient(exchange: TokenExchange): boolean {
  return !isSuccess(exchange) && !isDefiniteRefusal(exchange);
}
