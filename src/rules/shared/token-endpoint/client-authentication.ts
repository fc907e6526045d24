import { header } from '../../../exchange/exchange.ts';
import { formValue } from '../../../protocol/form.ts';
import { asObject, parseJson, stringMember } from '../../../protocol/json.ts';
import type { Chain, Registration, Story, TokenExchange } from '../../../story/model.ts';
import { wouldShowCredentials } from '../../../story/presented.ts';

/** How a client authenticates at the token endpoint, in the words of the IANA registry (RFC 7591 section 2). */
export type AuthMethod =
  | 'none'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'client_secret_jwt'
  | 'private_key_jwt';

/** HTTP Basic credentials as sent: still form-encoded where the client encoded them (RFC 6749 section 2.3.1). */
export interface BasicCredentials {
  readonly id: string;
  readonly secret: string;
}

/** Every method that a token request uses; empty for a public client's. */
export function methodsOf({ exchange, request }: TokenExchange): AuthMethod[] {
  const methods: AuthMethod[] = [];
  if (authorizationOf(exchange)?.scheme === 'basic') methods.push('client_secret_basic');
  if (formValue(request.params, 'client_secret')) methods.push('client_secret_post');
  const assertion = formValue(request.params, 'client_assertion');
  if (assertion) methods.push(isSymmetric(assertion) ? 'client_secret_jwt' : 'private_key_jwt');
  return methods;
}

/** The HTTP Basic credentials of a token request; null without any, or where they cannot be read. */
export function basicCredentials({ exchange }: TokenExchange): BasicCredentials | null {
  const authorization = authorizationOf(exchange);
  if (authorization?.scheme !== 'basic') return null;
  const pair = decodeBase64(authorization.value);
  const colon = pair.indexOf(':');
  return colon < 0 ? null : { id: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}

/**
 * The method a client is registered for: what the registration's answer says; without the member it is
 * `none` for a client that got no secret, else the default of RFC 7591 section 2. For a client ID metadata
 * document, its member alone. Null when nothing in the log says.
 */
export function registeredMethod(registration: Registration | null): string | null {
  const response = registration?.response ?? null;
  if (!registration || !response) return null;
  if (response.tokenEndpointAuthMethod !== null) return response.tokenEndpointAuthMethod;
  if (registration.source === 'cimd') return null;
  return response.clientSecret === null ? 'none' : 'client_secret_basic';
}

/** Whether the recording may have lost how a client authenticates: it shows no `Authorization`, which one that is registered for `none` never sends. */
export function mayHideAuthentication(
  story: Story,
  { chain, by }: { readonly chain: Chain; readonly by: TokenExchange },
): boolean {
  return registeredMethod(chain.registration) === 'none' ? story.sanitized : !wouldShowCredentials(story, by.exchange);
}

/** The `Authorization` header, taken apart (RFC 9110 section 11.4); null without one. */
function authorizationOf(
  exchange: TokenExchange['exchange'],
): { readonly scheme: string; readonly value: string } | null {
  const value = header(exchange.request.headers, 'authorization')?.trim();
  if (!value) return null;
  const space = value.indexOf(' ');
  return {
    scheme: value.slice(0, space < 0 ? value.length : space).toLowerCase(),
    value: space < 0 ? '' : value.slice(space + 1).trim(),
  };
}

/** RFC 7523: an assertion whose `alg` is an HMAC is made with the client's secret. */
function isSymmetric(assertion: string): boolean {
  const head = asObject(parseJson(decodeBase64(assertion.slice(0, Math.max(0, assertion.indexOf('.'))))));
  return (head && stringMember(head, 'alg')?.startsWith('HS')) ?? false;
}

function decodeBase64(value: string): string {
  try {
    return atob(value.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
