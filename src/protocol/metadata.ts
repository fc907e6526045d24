import { asObject, booleanMember, type JsonObject, parseJson, stringMember, stringsMember } from './json.ts';
import { parseUrl, readPlace } from './url.ts';

/** OAuth 2.0 Protected Resource Metadata (RFC 9728 section 2). */
export interface ProtectedResourceMetadata {
  readonly resource: string | null;
  readonly authorizationServers: readonly string[];
  readonly scopesSupported: readonly string[] | null;
  readonly bearerMethodsSupported: readonly string[] | null;
  readonly raw: JsonObject;
}

/** Authorization Server Metadata (RFC 8414 section 2) or an OpenID Provider's (OIDC Discovery 1.0 section 3). */
export interface AuthorizationServerMetadata {
  readonly issuer: string;
  readonly authorizationEndpoint: string | null;
  readonly tokenEndpoint: string | null;
  readonly registrationEndpoint: string | null;
  readonly revocationEndpoint: string | null;
  readonly introspectionEndpoint: string | null;
  readonly userinfoEndpoint: string | null;
  readonly endSessionEndpoint: string | null;
  readonly jwksUri: string | null;
  readonly parEndpoint: string | null;
  readonly scopesSupported: readonly string[] | null;
  readonly grantTypesSupported: readonly string[] | null;
  readonly codeChallengeMethodsSupported: readonly string[] | null;
  readonly tokenEndpointAuthMethodsSupported: readonly string[] | null;
  readonly clientIdMetadataDocumentSupported: boolean | null;
  /** `authorization_response_iss_parameter_supported` (RFC 9207 section 3). */
  readonly issParameterSupported: boolean | null;
  readonly raw: JsonObject;
}

/** The well-known documents of authorization discovery, by the suffix of their path. */
export type WellKnown = 'protected-resource' | 'oauth-authorization-server' | 'openid-configuration';

const wellKnownPaths: ReadonlyMap<WellKnown, string> = new Map([
  ['protected-resource', '/.well-known/oauth-protected-resource'],
  ['oauth-authorization-server', '/.well-known/oauth-authorization-server'],
  ['openid-configuration', '/.well-known/openid-configuration'],
]);

/** Reads protected resource metadata; null unless it is a JSON object that names a resource or its servers. */
export function readProtectedResourceMetadata(text: string): ProtectedResourceMetadata | null {
  const raw = asObject(parseJson(text));
  if (raw === null) return null;
  const resource = stringMember(raw, 'resource');
  const servers = stringsMember(raw, 'authorization_servers');
  if (resource === null && servers === null) return null;
  return {
    resource,
    authorizationServers: servers ?? [],
    scopesSupported: stringsMember(raw, 'scopes_supported'),
    bearerMethodsSupported: stringsMember(raw, 'bearer_methods_supported'),
    raw,
  };
}

/** Reads authorization server metadata; null unless it has an issuer and a token or authorization endpoint. */
export function readAuthorizationServerMetadata(text: string): AuthorizationServerMetadata | null {
  const raw = asObject(parseJson(text));
  if (raw === null) return null;
  const issuer = stringMember(raw, 'issuer');
  const authorizationEndpoint = stringMember(raw, 'authorization_endpoint');
  const tokenEndpoint = stringMember(raw, 'token_endpoint');
  if (issuer === null || (authorizationEndpoint === null && tokenEndpoint === null)) return null;
  return {
    issuer,
    authorizationEndpoint,
    tokenEndpoint,
    registrationEndpoint: stringMember(raw, 'registration_endpoint'),
    revocationEndpoint: stringMember(raw, 'revocation_endpoint'),
    introspectionEndpoint: stringMember(raw, 'introspection_endpoint'),
    userinfoEndpoint: stringMember(raw, 'userinfo_endpoint'),
    endSessionEndpoint: stringMember(raw, 'end_session_endpoint'),
    jwksUri: stringMember(raw, 'jwks_uri'),
    parEndpoint: stringMember(raw, 'pushed_authorization_request_endpoint'),
    scopesSupported: stringsMember(raw, 'scopes_supported'),
    grantTypesSupported: stringsMember(raw, 'grant_types_supported'),
    codeChallengeMethodsSupported: stringsMember(raw, 'code_challenge_methods_supported'),
    tokenEndpointAuthMethodsSupported: stringsMember(raw, 'token_endpoint_auth_methods_supported'),
    clientIdMetadataDocumentSupported: booleanMember(raw, 'client_id_metadata_document_supported'),
    issParameterSupported: booleanMember(raw, 'authorization_response_iss_parameter_supported'),
    raw,
  };
}

/**
 * Where a protected resource's metadata may be: its path behind the well-known path, then the root
 * (RFC 9728 section 3.1 and the MCP authorization specification). A path that ends in `/` is listed
 * with and without it, for clients differ. Empty when the URL is none.
 */
export function protectedResourceMetadataUrls(serverUrl: string): string[] {
  const url = parseUrl(serverUrl);
  if (url === null) return [];
  const root = `${url.protocol}//${url.host}/.well-known/oauth-protected-resource`;
  const path = url.pathname === '/' ? '' : url.pathname;
  return distinct([root + path + url.search, root + withoutTrailingSlash(path) + url.search, root]);
}

/**
 * The protected resource that a URL asks for the metadata of (RFC 9728 section 3.1, path insertion undone);
 * null for the well-known URL of a whole origin, which says nothing of paths, and for any other URL.
 */
export function protectedResourceAt(metadataUrl: string): string | null {
  const url = parseUrl(metadataUrl);
  const prefix = '/.well-known/oauth-protected-resource/';
  if (url === null || !url.pathname.startsWith(prefix)) return null;
  return `${url.protocol}//${url.host}/${url.pathname.slice(prefix.length)}${url.search}`;
}

/**
 * Where an issuer's metadata may be, in the order MCP clients try: RFC 8414 section 3.1 path insertion,
 * OpenID path insertion, OpenID path appending (OIDC Discovery 1.0 section 4). Empty when the issuer is no URL.
 */
export function authorizationServerMetadataUrls(issuer: string): string[] {
  const url = parseUrl(issuer);
  if (url === null) return [];
  const origin = `${url.protocol}//${url.host}`;
  const path = withoutTrailingSlash(url.pathname);
  return distinct([
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]);
}

/** Which well-known document a URL asks for, its suffix inserted before the path or appended to it. */
export function wellKnownKind(url: string): WellKnown | null {
  const path = readPlace(url)?.path ?? '';
  if (!path.includes('/.well-known/')) return null;
  for (const [kind, suffix] of wellKnownPaths) {
    if (path.endsWith(suffix) || path.startsWith(`${suffix}/`)) return kind;
  }
  return null;
}

function withoutTrailingSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function distinct(urls: readonly string[]): string[] {
  return [...new Set(urls)];
}
