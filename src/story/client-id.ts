import type { TokenExchange } from './model.ts';

/** The client of a token request: `client_id`, else the user name of HTTP Basic (RFC 6749 section 2.3.1). */
export function clientIdOf({ request, exchange }: TokenExchange): string | null {
  if (request.clientId !== null) return request.clientId;
  for (const { name, value } of exchange.request.headers) {
    if (name.toLowerCase() !== 'authorization' || !value.toLowerCase().startsWith('basic ')) continue;
    const pair = decodeBase64(value.slice(6).trim());
    const colon = pair.indexOf(':');
    if (colon > 0) return formDecode(pair.slice(0, colon));
  }
  return null;
}

function decodeBase64(value: string): string {
  try {
    return atob(value);
  } catch {
    return '';
  }
}

function formDecode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
