import type {
  OAuthClientMetadata,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import type { ChatSettings } from './settings.ts';
import type { Store } from './store.ts';

/** Called with each authorization request; throwing refuses it. */
export type Authorize = (authorizationUrl: URL) => void;

const grantTypes = {
  refresh: { grant_types: ['authorization_code', 'refresh_token'] },
  'code-only': { grant_types: ['authorization_code'] },
  omitted: {},
};

/**
 * The application's half of the official SDKs' OAuth support: keeps the credentials and opens the sign-in.
 * One class serves SDK v1, SDK v2 and the AI SDK, so that what differs on the wire is the library's own doing.
 */
export class AuthProvider {
  readonly redirectUrl: string;
  readonly clientMetadata: OAuthClientMetadata;
  readonly #store: Pick<Store, 'get' | 'set'>;
  readonly #authorize: Authorize;

  constructor(name: string, settings: ChatSettings, store: Pick<Store, 'get' | 'set'>, authorize: Authorize) {
    this.redirectUrl =
      settings.signIn === 'popup' ? `${location.origin}/callback` : location.origin + location.pathname;
    this.clientMetadata = {
      client_name: name,
      client_uri: location.origin,
      redirect_uris: [this.redirectUrl],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...grantTypes[settings.grantTypes],
    };
    this.#store = store;
    this.#authorize = authorize;
  }

  state(): string {
    const state = crypto.randomUUID();
    this.#store.set('state', state);
    return state;
  }

  /** The `state` of the last authorization request, for the callback to compare (RFC 6749 section 10.12). */
  storedState(): string | undefined {
    return this.#store.get('state');
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.#store.get('client');
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.#store.set('client', client);
  }

  isClientInformationDynamicallyRegistered(): boolean {
    return true;
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#store.get('tokens');
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.#store.set('tokens', tokens);
  }

  codeVerifier(): string {
    return this.#store.get('verifier') ?? '';
  }

  saveCodeVerifier(verifier: string): void {
    this.#store.set('verifier', verifier);
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#store.get('discovery');
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#store.set('discovery', state);
  }

  invalidateCredentials(what: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    for (const name of ['client', 'tokens', 'verifier', 'discovery']) {
      if (what === 'all' || what === name) this.#store.set(name, undefined);
    }
  }

  redirectToAuthorization(authorizationUrl: URL): void {
    this.#authorize(authorizationUrl);
  }
}
