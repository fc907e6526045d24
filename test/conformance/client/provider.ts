import type {
  DpopSession,
  OAuthClientInformationContext,
  OAuthClientMetadata,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import type { ProviderFault } from './faults.ts';
import type { Fetch } from './http-recorder.ts';

const redirectUri = 'http://localhost:3000/callback';
/** The suite knows this address of a client ID metadata document and does not fetch it. */
const metadataDocument = 'https://conformance-test.local/client-metadata.json';

/** What a client brings along when the scenario has given it credentials. */
export interface Given {
  readonly client?: StoredOAuthClientInformation;
  readonly dpop?: DpopSession;
  /** The assertion of a workload's platform (RFC 7523 section 2.1): no user is asked then. */
  readonly assertion?: string;
}

/**
 * The application's half of the SDKs' OAuth support, for both of them: keeps everything in memory, and in place of
 * a user follows the authorization request by itself.
 */
export class Provider {
  readonly redirectUrl: string | undefined = redirectUri;
  readonly clientMetadataUrl?: string;
  readonly dpop?: () => DpopSession;
  readonly prepareTokenRequest?: (scope?: string) => URLSearchParams;
  readonly validateResourceURL?: (serverUrl: string | URL) => Promise<URL>;
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: 'conformance-client',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    application_type: 'native',
  };
  readonly #fetch: Fetch;
  readonly #reuse: boolean;
  #state = '';
  readonly #saved = new Map<string, unknown>();
  #response: URLSearchParams | undefined;

  constructor(fetch: Fetch, fault: ProviderFault, { client, dpop, assertion }: Given = {}) {
    this.#fetch = fetch;
    this.#reuse = fault === 'reuse-credentials';
    if (fault !== 'no-cimd') this.clientMetadataUrl = metadataDocument;
    if (client && fault !== 'attempts-registration') this.saveClientInformation(client);
    if (dpop) this.dpop = () => dpop;
    if (assertion !== undefined) {
      this.redirectUrl = undefined;
      this.prepareTokenRequest = (scope) =>
        new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion,
          ...(scope ? { scope } : {}),
        });
    }
    if (fault === 'any-resource') this.validateResourceURL = async (serverUrl) => new URL(serverUrl);
  }

  /** The authorization response that came since this was last asked. */
  takeResponse(): URLSearchParams | undefined {
    const response = this.#response;
    this.#response = undefined;
    return response;
  }

  state(): string {
    this.#state = crypto.randomUUID();
    return this.#state;
  }

  clientInformation(_context?: OAuthClientInformationContext): StoredOAuthClientInformation | undefined {
    return this.#saved.get('client') as StoredOAuthClientInformation | undefined;
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    const { issuer, ...portable } = client as StoredOAuthClientInformation & { issuer?: string };
    this.#saved.set('client', this.#reuse ? portable : client);
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#saved.get('tokens') as StoredOAuthTokens | undefined;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.#saved.set('tokens', tokens);
  }

  saveCodeVerifier(verifier: string): void {
    this.#saved.set('verifier', verifier);
  }

  codeVerifier(): string {
    return (this.#saved.get('verifier') as string | undefined) ?? '';
  }

  invalidateCredentials(what: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    for (const name of ['client', 'tokens', 'verifier']) if (what === 'all' || what === name) this.#saved.delete(name);
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    const answer = await this.#fetch(url, { redirect: 'manual' });
    const location = answer.headers.get('location');
    if (!location) throw new Error(`The authorization server answered with status ${answer.status}`);
    const response = new URL(location).searchParams;
    if (response.get('state') !== this.#state) throw new Error('The authorization response is not to this request.');
    this.#response = response;
  }
}
