import {
  ClientCredentialsProvider,
  CrossAppAccessProvider,
  DpopSession,
  type OAuthClientProvider,
  PrivateKeyJwtProvider,
  requestJwtAuthorizationGrant,
} from '@modelcontextprotocol/client';
import type { OAuthClientProvider as ProviderV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import type { ProviderFault } from './faults.ts';
import type { Fetch } from './http-recorder.ts';
import { Provider } from './provider.ts';

/** A provider for either SDK, and the authorization response that it was given, if it asked for one. */
export interface Credentials {
  readonly provider: OAuthClientProvider & ProviderV1;
  readonly takeResponse: () => URLSearchParams | undefined;
}

const none = () => undefined;

/** A provider of the SDK's own for a grant without a user. */
const own = (provider: OAuthClientProvider): Credentials => ({
  provider: provider as OAuthClientProvider & ProviderV1,
  takeResponse: none,
});

/**
 * The credentials that a scenario calls for: what the suite hands over in `MCP_CONFORMANCE_CONTEXT`, or none, so that
 * the client registers and a user signs in.
 */
export async function given(env: NodeJS.ProcessEnv, fetch: Fetch, fault: ProviderFault): Promise<Credentials> {
  const scenario = env.MCP_CONFORMANCE_SCENARIO ?? '';
  const context = JSON.parse(env.MCP_CONFORMANCE_CONTEXT || '{}') as Record<string, string>;
  const text = (name: string): string => context[name] ?? '';
  const clientId = text('client_id');
  const clientSecret = text('client_secret');
  switch (scenario) {
    case 'auth/client-credentials-basic':
      return own(new ClientCredentialsProvider({ clientId, clientSecret }));
    case 'auth/client-credentials-jwt':
      return own(
        new PrivateKeyJwtProvider({
          clientId,
          privateKey: text('private_key_pem'),
          algorithm: text('signing_algorithm') || 'ES256',
        }),
      );
    case 'auth/enterprise-managed-authorization':
      return own(
        new CrossAppAccessProvider({
          clientId,
          clientSecret,
          fetchFn: fetch,
          assertion: async ({ authorizationServerUrl, resourceUrl, scope }) => {
            const { jwtAuthGrant } = await requestJwtAuthorizationGrant({
              tokenEndpoint: text('idp_token_endpoint'),
              audience: authorizationServerUrl,
              resource: resourceUrl,
              idToken: text('idp_id_token'),
              clientId: text('idp_client_id'),
              ...(scope ? { scope } : {}),
              fetchFn: fetch,
            });
            return jwtAuthGrant;
          },
        }),
      );
    default: {
      const dpop = scenario.startsWith('auth/dpop') ? { dpop: await DpopSession.create() } : {};
      const secret = clientSecret ? { client_secret: clientSecret } : {};
      const client = clientId ? { client: { client_id: clientId, ...secret } } : {};
      const assertion = scenario === 'auth/wif-jwt-bearer' ? { assertion: text('valid_jwt') } : {};
      const provider = new Provider(fetch, fault, { ...dpop, ...client, ...assertion });
      return { provider: provider as OAuthClientProvider & ProviderV1, takeResponse: () => provider.takeResponse() };
    }
  }
}
