import { isPutOff } from './answers.ts';
import { isFromGateway } from './gateways.ts';
import type { TokenExchange } from './model.ts';

/** A token response that was received and holds, or where its body was not recorded may hold, a token. */
export function isSuccess({ exchange, response }: TokenExchange): boolean {
  const { status } = exchange.response;
  return status >= 200 && status < 300 && (response === null || response.error === null);
}

/** A refresh that the authorization server refused for good. */
export function isDefiniteRefusal({ exchange, response }: TokenExchange): boolean {
  const { status } = exchange.response;
  if (status < 400 || status >= 500 || isPutOff(status)) return false;
  // A firewall's page says nothing of the token (guard G15).
  return status !== 403 || (response?.error ?? null) !== null || !isFromGateway(exchange);
}

/** A refresh that failed without saying anything about the token. */
export function isTransient(exchange: TokenExchange): boolean {
  return !isSuccess(exchange) && !isDefiniteRefusal(exchange);
}
