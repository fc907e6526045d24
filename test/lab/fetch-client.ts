import type { Lab } from './lab.ts';

/** A token response (RFC 6749 section 5). */
export interface TokenResponse {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly expires_in?: number;
  readonly scope?: string;
  readonly error?: string;
}

const redirectUri = 'http://127.0.0.1:1/callback';

/** A client and its user without a browser: registers, clicks through login and consent, redeems, refreshes, calls. */
export class FetchClient {
  readonly #lab: Lab;
  readonly #cookies = new Map<string, string>();
  #clientId = '';

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Registers (RFC 7591) with both grant types. */
  async register(metadata: Record<string, unknown> = {}): Promise<void> {
    const response = await fetch(`${this.#lab.authorizationServer.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
        ...metadata,
      }),
    });
    this.#clientId = ((await response.json()) as { client_id: string }).client_id;
  }

  /** Sends the authorization request and plays the user until the authorization response comes back. */
  async authorize(scope: string, decision: 'continue' | 'deny' = 'continue'): Promise<URLSearchParams> {
    const { issuer } = this.#lab.authorizationServer;
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.#clientId,
      redirect_uri: redirectUri,
      scope,
      state: 'some-state',
      resource: this.#lab.mcpServer.url,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      ...(scope.includes('offline_access') ? { prompt: 'consent' } : {}),
    });
    let location = `${issuer}/auth?${query}`;
    for (let hop = 0; hop < 12 && !location.startsWith(redirectUri); hop += 1) {
      location = await this.#follow(new URL(location, issuer), decision);
    }
    return new URL(location).searchParams;
  }

  /** Redeems an authorization code (RFC 6749 section 4.1.3, RFC 7636 section 4.5). */
  redeem(code: string): Promise<TokenResponse> {
    return this.#token({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    });
  }

  /** Refreshes (RFC 6749 section 6). */
  refresh(refreshToken: string): Promise<TokenResponse> {
    return this.#token({ grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  /** Calls a tool of the MCP server. */
  call(tool: string, accessToken: string | undefined): Promise<Response> {
    return fetch(this.#lab.mcpServer.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: {} } }),
    });
  }

  async #token(form: Record<string, string>): Promise<TokenResponse> {
    const body = new URLSearchParams({ client_id: this.#clientId, resource: this.#lab.mcpServer.url, ...form });
    const response = await fetch(`${this.#lab.authorizationServer.issuer}/token`, { method: 'POST', body });
    return (await response.json()) as TokenResponse;
  }

  async #follow(url: URL, decision: string): Promise<string> {
    const page = await this.#fetch(url, {});
    const location = page.headers.get('location');
    if (location) return location;
    const body = new URLSearchParams({ login: 'alice', password: 'pw', decision });
    const answered = await this.#fetch(url, { method: 'POST', body });
    return answered.headers.get('location') ?? '';
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const header of response.headers.getSetCookie()) {
      const [pair = ''] = header.split(';', 1);
      const split = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, split), pair.slice(split + 1));
    }
    return response;
  }
}
