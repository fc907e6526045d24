import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { s256 } from '../../src/protocol/pkce.ts';

/** A recording of the corpus. */
export interface Recording {
  readonly name: string;
  readonly har: unknown;
}

/** The corpus, if it is there: `MCP_AUTH_CORPUS` or the folder beside the project. */
export function corpus(): readonly Recording[] {
  const root = process.env.MCP_AUTH_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');
  if (!existsSync(root)) return [];
  return ['real', 'conformance'].flatMap((folder) => {
    const path = join(root, folder);
    if (!existsSync(path)) return [];
    const files = readdirSync(path).filter((file) => file.endsWith('.har'));
    return files.map((file) => ({
      name: `${folder}/${file}`,
      har: JSON.parse(readFileSync(join(path, file), 'utf8')),
    }));
  });
}

export interface EntryParts {
  readonly method?: string;
  readonly url: string;
  readonly status?: number;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly bodyType?: string;
  readonly content?: string;
  readonly contentType?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A HAR entry as a recorder writes it; each one second after the one before. */
export function entry(parts: EntryParts, index = 0): Record<string, unknown> {
  const fields = (headers: Readonly<Record<string, string>> = {}) =>
    Object.entries(headers).map(([name, value]) => ({ name, value }));
  return {
    startedDateTime: new Date(Date.UTC(2026, 0, 1, 12, 0, index)).toISOString(),
    time: 20,
    request: {
      method: parts.method ?? (parts.body === undefined ? 'GET' : 'POST'),
      url: parts.url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: fields(parts.requestHeaders),
      queryString: [],
      headersSize: -1,
      bodySize: parts.body?.length ?? 0,
      ...(parts.body === undefined
        ? {}
        : { postData: { mimeType: parts.bodyType ?? 'application/json', text: parts.body } }),
    },
    response: {
      status: parts.status ?? 200,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: fields(parts.responseHeaders),
      content: {
        size: parts.content?.length ?? 0,
        mimeType: parts.contentType ?? 'application/json',
        text: parts.content ?? '',
      },
      redirectURL: parts.responseHeaders?.Location ?? '',
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: 20, receive: 0 },
    ...parts.extra,
  };
}

export function har(entries: readonly EntryParts[]): { log: Record<string, unknown> } {
  return {
    log: {
      version: '1.2',
      creator: { name: 'test', version: '1' },
      entries: entries.map((one, index) => entry(one, index)),
    },
  };
}

/** The values of a sign-in that must not leave the machine, and the scope that must. */
export interface SignIn {
  readonly code: string;
  readonly state: string;
  readonly verifier: string;
  readonly challenge: string;
  readonly access: string;
  readonly refresh: string;
  readonly password: string;
  readonly user: string;
  readonly cookie: string;
  readonly session: string;
  readonly scope: string;
}

/** Values that no reader takes for anything else. */
export const plain: SignIn = {
  code: 'c0de-Zx81_mmQ2',
  state: 'st4te-0123456789abcdef',
  verifier: 'v3rifier-abcdefghijklmnopqrstuvwxyz0123456789ABCD',
  challenge: s256('v3rifier-abcdefghijklmnopqrstuvwxyz0123456789ABCD'),
  access: 'acce55-opaque-token-value',
  refresh: 'refre5h-opaque-token-value',
  password: 'correct horse&battery',
  user: 'alice@example.org',
  cookie: 'c00kie-Value-123456',
  session: '7a5b3c1d-9f8e-4a6b-8c2d-0e1f2a3b4c5d',
  scope: 'files:read',
};

export const server = 'https://mcp.example.com/mcp';
export const issuer = 'https://as.example.com';
export const app = 'https://app.example.com/callback';

/** A whole sign-in to an MCP server and one call with the token. */
export function signIn(values: SignIn): readonly EntryParts[] {
  const e = encodeURIComponent;
  const rpc = (method: string, params: unknown = {}) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const callback = `${app}?code=${e(values.code)}&state=${e(values.state)}&iss=${e(issuer)}`;
  return [
    {
      url: server,
      body: rpc('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'app', version: '1' },
      }),
      status: 401,
      responseHeaders: {
        'WWW-Authenticate': `Bearer error="invalid_token", scope="${values.scope}", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"`,
      },
    },
    {
      url: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
      content: JSON.stringify({ resource: server, authorization_servers: [issuer], scopes_supported: [values.scope] }),
    },
    {
      url: `${issuer}/.well-known/oauth-authorization-server`,
      content: JSON.stringify({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        registration_endpoint: `${issuer}/register`,
        code_challenge_methods_supported: ['S256'],
        scopes_supported: [values.scope, 'offline_access'],
      }),
    },
    {
      url: `${issuer}/register`,
      status: 201,
      body: JSON.stringify({
        client_name: 'app',
        redirect_uris: [app],
        grant_types: ['authorization_code', 'refresh_token'],
      }),
      content: JSON.stringify({
        client_id: 'public-client',
        redirect_uris: [app],
        grant_types: ['authorization_code', 'refresh_token'],
      }),
    },
    {
      url: `${issuer}/authorize?response_type=code&client_id=public-client&redirect_uri=${e(app)}&scope=${e(values.scope)}&state=${e(values.state)}&code_challenge=${e(values.challenge)}&code_challenge_method=S256&resource=${e(server)}`,
      status: 302,
      responseHeaders: { Location: `${issuer}/login`, 'Set-Cookie': `flow=${values.cookie}; path=/; httponly` },
    },
    {
      url: `${issuer}/login`,
      requestHeaders: { Cookie: `flow=${values.cookie}` },
      contentType: 'text/html',
      content: '<!doctype html><form method="post"></form>',
    },
    {
      url: `${issuer}/login`,
      status: 302,
      requestHeaders: { Cookie: `flow=${values.cookie}` },
      bodyType: 'application/x-www-form-urlencoded',
      body: `username=${e(values.user)}&password=${e(values.password)}`,
      responseHeaders: { Location: callback },
    },
    {
      url: callback,
      contentType: 'text/html',
      content: '<!doctype html><p>back</p>',
      requestHeaders: { Referer: `${issuer}/` },
    },
    {
      url: `${issuer}/token`,
      requestHeaders: { Referer: callback },
      bodyType: 'application/x-www-form-urlencoded',
      body: `grant_type=authorization_code&code=${e(values.code)}&code_verifier=${e(values.verifier)}&redirect_uri=${e(app)}&client_id=public-client&resource=${e(server)}`,
      content: JSON.stringify({
        access_token: values.access,
        token_type: 'Bearer',
        expires_in: 3600,
        refresh_token: values.refresh,
        scope: values.scope,
      }),
    },
    {
      url: server,
      requestHeaders: { Authorization: `Bearer ${values.access}` },
      body: rpc('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'app', version: '1' },
      }),
      responseHeaders: { 'Mcp-Session-Id': values.session },
      content: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 's', version: '1' } },
      }),
    },
  ];
}
