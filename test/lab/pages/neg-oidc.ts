// An ordinary OpenID Connect page with an API behind the same authorization server: no MCP client.
// Nothing an inspector of MCP authorization says about it can be right.
import { readSettings } from './settings.ts';
import { Store } from './store.ts';

interface Discovery {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly registration_endpoint: string;
  readonly userinfo_endpoint: string;
}

const settings = readSettings();
const store = new Store(sessionStorage, 'dashboard:');
const redirectUri = location.origin + location.pathname;

async function json<T>(url: string, init?: RequestInit): Promise<T> {
  return (await (await fetch(url, init)).json()) as T;
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const discover = () => json<Discovery>(`${settings.issuer}/.well-known/openid-configuration`);

async function signIn(): Promise<void> {
  document.body.dataset.state = 'busy';
  const discovery = await discover();
  const client = await json<{ client_id: string }>(discovery.registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Dashboard',
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: 'none',
    }),
  });
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const state = crypto.randomUUID();
  store.set('request', { clientId: client.client_id, verifier, state });
  location.assign(
    `${discovery.authorization_endpoint}?${new URLSearchParams({
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: redirectUri,
      scope: 'openid mcp:read',
      state,
      code_challenge: base64url(new Uint8Array(digest)),
      code_challenge_method: 'S256',
    })}`,
  );
}

async function finish(code: string, state: string | null): Promise<void> {
  const request = store.get<{ clientId: string; verifier: string; state: string }>('request');
  if (!request || request.state !== state) throw new Error('The sign-in does not belong here.');
  const discovery = await discover();
  const tokens = await json<{ access_token: string }>(discovery.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: request.clientId,
      redirect_uri: redirectUri,
      code_verifier: request.verifier,
    }),
  });
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const rows = await json<{ rows?: number[] }>(new URL('/api/data', settings.server).href, { headers });
  document.body.append(`Signed in. Rows: ${rows.rows?.length ?? 'none'}`);
}

async function start(): Promise<void> {
  const response = new URLSearchParams(location.search);
  const code = response.get('code');
  history.replaceState(null, '', location.pathname);
  if (code) {
    await finish(code, response.get('state'));
    document.body.dataset.state = 'idle';
    return;
  }
  const button = document.createElement('button');
  button.className = 'sign-in';
  button.textContent = 'Sign in';
  button.onclick = () => void signIn();
  document.body.append(button);
  document.body.dataset.state = 'signed-out';
}

void start();
