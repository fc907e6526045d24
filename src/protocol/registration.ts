import { asObject, type JsonObject, parseJson, stringMember, stringsMember } from './json.ts';
import { parseScope } from './scope.ts';

/**
 * Client metadata (RFC 7591 section 2): a registration request, its response (section 3.2.1), or a
 * client ID metadata document.
 */
export interface ClientMetadata {
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  readonly redirectUris: readonly string[] | null;
  readonly grantTypes: readonly string[] | null;
  readonly responseTypes: readonly string[] | null;
  /** Null when there is no `scope`, or it is empty. */
  readonly scope: readonly string[] | null;
  readonly tokenEndpointAuthMethod: string | null;
  readonly applicationType: string | null;
  readonly clientName: string | null;
  readonly raw: JsonObject;
}

/** Members of which client metadata has at least one. */
const tellTale = ['client_id', 'redirect_uris', 'grant_types', 'token_endpoint_auth_method', 'client_name'];

/** Reads client metadata; null unless it is a JSON object with a member of RFC 7591. */
export function readClientMetadata(text: string): ClientMetadata | null {
  const raw = asObject(parseJson(text));
  if (raw === null || !tellTale.some((name) => Object.hasOwn(raw, name))) return null;
  const scope = parseScope(stringMember(raw, 'scope') ?? '');
  return {
    clientId: stringMember(raw, 'client_id'),
    clientSecret: stringMember(raw, 'client_secret'),
    redirectUris: stringsMember(raw, 'redirect_uris'),
    grantTypes: stringsMember(raw, 'grant_types'),
    responseTypes: stringsMember(raw, 'response_types'),
    scope: scope.length === 0 ? null : scope,
    tokenEndpointAuthMethod: stringMember(raw, 'token_endpoint_auth_method'),
    applicationType: stringMember(raw, 'application_type'),
    clientName: stringMember(raw, 'client_name'),
    raw,
  };
}
