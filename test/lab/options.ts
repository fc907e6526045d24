/** The laboratory's knobs. Every fault that the demonstration and the tests show is one of these settings. */
export interface LabOptions {
  /** Lifetime of an access token, in seconds (`expires_in`, RFC 6749 section 5.1). */
  readonly accessTokenTtl: number;
  /** Whether the authorization server lists `offline_access` in `scopes_supported` (SEP-2207). */
  readonly advertiseOfflineAccess: boolean;
  /** When a refresh token is issued: with `offline_access` only, with every grant, or never. */
  readonly refreshTokens: 'offline' | 'always' | 'never';
  /** Whether each refresh replaces the refresh token (OAuth 2.1 section 4.3.1). */
  readonly rotateRefreshTokens: boolean;
  /** After so many successful refreshes every refresh token is revoked, and the next one gets `invalid_grant`. */
  readonly refreshFailsAfter: number;
  /** Whether the `scope` a client registered with limits what it may ask for later (RFC 7591 section 2). */
  readonly registrationScope: 'ignore' | 'strict';
  /** Whether the registration endpoint answers browsers (CORS). */
  readonly registrationCors: boolean;
  /** Which `issuer` the authorization server's metadata names: the one it is found under, or another (RFC 8414 section 3.3). */
  readonly metadataIssuer: 'own' | 'other';
  /** Which `iss` an authorization response carries: the issuer's own, or another's (RFC 9207 section 2.4). */
  readonly responseIssuer: 'own' | 'other';
  /** Lifetime of the user's session at the authorization server, in seconds: after it the login page is shown again. */
  readonly sessionTtl: number;
  /**
   * Milliseconds before the authorization server answers, as over a network. Without it a page is left within
   * milliseconds of its last answer, and browsers drop the bodies of a page that was left.
   */
  readonly latency: number;
  /** Which official server SDK answers at `/mcp`. */
  readonly serverSdk: 'v1' | 'v2';
  /** Which `resource` the protected resource metadata names: the server's own, or another (RFC 9728 section 3.3). */
  readonly metadataResource: 'own' | 'other';
  /** `scopes_supported` of the protected resource metadata (RFC 9728 section 2); null leaves it out. */
  readonly scopesSupported: readonly string[] | null;
  /** Scopes that every call needs. */
  readonly baseScopes: readonly string[];
  /** Scopes that the tool `admin_reset` needs. */
  readonly adminScopes: readonly string[];
  /** Whether `WWW-Authenticate` is listed in `Access-Control-Expose-Headers`. */
  readonly exposeChallenge: boolean;
}

export const defaultOptions: LabOptions = {
  accessTokenTtl: 3600,
  advertiseOfflineAccess: true,
  refreshTokens: 'offline',
  rotateRefreshTokens: true,
  refreshFailsAfter: Number.POSITIVE_INFINITY,
  registrationScope: 'ignore',
  registrationCors: true,
  metadataIssuer: 'own',
  responseIssuer: 'own',
  sessionTtl: 3600,
  latency: 0,
  serverSdk: 'v2',
  metadataResource: 'own',
  scopesSupported: ['mcp:read'],
  baseScopes: ['mcp:read'],
  adminScopes: ['mcp:admin'],
  exposeChallenge: true,
};

/** An issuer and a protected resource that are not of this laboratory. */
export const elsewhere = { issuer: 'https://as.elsewhere.example', resource: 'https://mcp.elsewhere.example/mcp' };

/** Every scope of the laboratory's MCP server. */
export const mcpScopes = ['mcp:read', 'mcp:write', 'mcp:admin'] as const;
