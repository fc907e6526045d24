import cors from 'cors';
import express from 'express';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import { interactions } from './interactions.ts';
import { listen } from './listen.ts';
import { MemoryAdapter, type Storage } from './memory-adapter.ts';
import { elsewhere, type LabOptions, mcpScopes } from './options.ts';

/** A running `oidc-provider`: discovery, dynamic registration, PKCE, resource indicators, rotation, revocation. */
export interface AuthorizationServer {
  readonly issuer: string;
  /** Revokes every refresh token, as a user or an administrator may: the next refresh gets `invalid_grant`. */
  revokeRefreshTokens(): void;
  /** Ends every user session, so that the next authorization request shows the login page. */
  endSessions(): void;
  close(): Promise<void>;
}

async function signingKeys(): Promise<NonNullable<Configuration['jwks']>> {
  const key = async (alg: string, kid: string) => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    return { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' };
  };
  // OpenID Connect's default is RS256; access tokens are signed by ES256, whose signatures are short.
  const keys = [await key('RS256', 'lab-1'), await key('ES256', 'lab-2')];
  return { keys } as NonNullable<Configuration['jwks']>;
}

function configuration(
  options: LabOptions,
  storage: Storage,
  jwks: NonNullable<Configuration['jwks']>,
  defaultResource: () => string,
): Configuration {
  return {
    jwks,
    adapter: (name: string) => new MemoryAdapter(name, storage, options.registrationScope === 'ignore'),
    cookies: { keys: [crypto.randomUUID()] },
    scopes: ['openid', ...(options.advertiseOfflineAccess ? ['offline_access'] : []), ...mcpScopes],
    clientDefaults: { token_endpoint_auth_method: 'none' },
    pkce: { required: () => true },
    clientBasedCORS: () => true,
    findAccount: async (_context, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    rotateRefreshToken: options.rotateRefreshTokens,
    expiresWithSession: async () => false,
    issueRefreshToken: async (_context, client, code) =>
      options.refreshTokens !== 'never' &&
      client.grantTypeAllowed('refresh_token') &&
      (options.refreshTokens === 'always' || code.scopes.has('offline_access')),
    ttl: {
      AccessToken: options.accessTokenTtl,
      AuthorizationCode: 60,
      IdToken: 3600,
      RefreshToken: 86_400,
      Session: options.sessionTtl,
      Grant: 86_400,
      Interaction: 3600,
    },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      registrationManagement: { enabled: true },
      revocation: { enabled: true },
      introspection: { enabled: true },
      userinfo: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_context, _client, oneOf) => oneOf?.[0] ?? defaultResource(),
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => ({
          scope: mcpScopes.join(' '),
          audience: resource,
          accessTokenTTL: options.accessTokenTtl,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

/** Counts successful refreshes and, once the allowance is spent, revokes before the next one is answered. */
function limitRefreshes(provider: Provider, allowance: number, revoke: () => void): void {
  let refreshes = 0;
  provider.use(async (context, next) => {
    if (context.path === '/token' && refreshes >= allowance) revoke();
    await next();
    const grantType = context.oidc?.params?.grant_type;
    if (grantType === 'refresh_token' && context.status === 200) refreshes += 1;
  });
}

/** Names another issuer in the metadata or in authorization responses, as the options say. */
function misname(provider: Provider, { metadataIssuer, responseIssuer }: LabOptions): void {
  provider.use(async (context, next) => {
    await next();
    const { body } = context;
    if (metadataIssuer === 'other' && context.path.startsWith('/.well-known/') && typeof body === 'object')
      context.body = { ...body, issuer: elsewhere.issuer };
    const location = context.response.get('location');
    if (responseIssuer === 'other' && URL.canParse(location)) {
      const target = new URL(location);
      if (!target.searchParams.has('iss')) return;
      target.searchParams.set('iss', elsewhere.issuer);
      context.set('location', target.href);
    }
  });
}

/**
 * Starts the authorization server on the loopback interface.
 *
 * @param defaultResource the protected resource that a request without `resource` (RFC 8707) is for
 * @param port where to listen; 0 takes a free one
 */
export async function startAuthorizationServer(
  options: LabOptions,
  defaultResource: () => string,
  port = 0,
): Promise<AuthorizationServer> {
  const storage: Storage = new Map();
  const jwks = await signingKeys();
  const revokeRefreshTokens = () => storage.get('RefreshToken')?.clear();
  const { origin, close } = await listen((issuer) => {
    const provider = new Provider(issuer, configuration(options, storage, jwks, defaultResource));
    limitRefreshes(provider, options.refreshFailsAfter, revokeRefreshTokens);
    misname(provider, options);
    const app = express();
    app.disable('x-powered-by');
    app.use((_request, _response, next) => void setTimeout(next, options.latency));
    if (options.registrationCors) app.use('/reg', cors({ origin: true }));
    app.use(interactions(provider));
    const handle = provider.callback();
    app.use((request, response) => void handle(request, response));
    return app;
  }, port);
  return { issuer: origin, close, revokeRefreshTokens, endSessions: () => storage.get('Session')?.clear() };
}
