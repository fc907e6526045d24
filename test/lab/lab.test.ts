import { afterEach, describe, expect, it } from 'vitest';
import { FetchClient } from './fetch-client.ts';
import { type Lab, startLab } from './lab.ts';
import { elsewhere, type LabOptions } from './options.ts';

const running: Lab[] = [];

async function lab(options: Partial<LabOptions> = {}): Promise<Lab> {
  const started = await startLab(options);
  running.push(started);
  return started;
}

async function signedIn(started: Lab, scope: string) {
  const client = new FetchClient(started);
  await client.register();
  const tokens = await client.redeem((await client.authorize(scope)).get('code') ?? '');
  return { client, tokens };
}

const challenge = (response: Response): string => response.headers.get('www-authenticate') ?? '';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

afterEach(async () => {
  await Promise.all(running.splice(0).map((started) => started.close()));
});

describe.each(['v1', 'v2'] as const)('the MCP server on SDK %s', (serverSdk) => {
  it('challenges a call without a token, and names its metadata', async () => {
    const started = await lab({ serverSdk });
    const response = await new FetchClient(started).call('whoami', undefined);
    expect(response.status).toBe(401);
    const url = /resource_metadata="([^"]+)"/.exec(challenge(response))?.[1] ?? '';
    expect(await (await fetch(url)).json()).toMatchObject({
      resource: started.mcpServer.url,
      authorization_servers: [started.authorizationServer.issuer],
      scopes_supported: ['mcp:read'],
    });
  });

  it('accepts a token until it expires, and asks for more scope for the administrator', async () => {
    const { client, tokens } = await signedIn(await lab({ serverSdk, accessTokenTtl: 6 }), 'mcp:read');
    const forbidden = await client.call('admin_reset', tokens.access_token);
    expect(forbidden.status).toBe(403);
    expect(challenge(forbidden)).toMatch(/error="insufficient_scope".*scope="mcp:admin"/);
    expect((await client.call('whoami', tokens.access_token)).status).not.toBe(401);
    await sleep(7100);
    const expired = await client.call('whoami', tokens.access_token);
    expect(expired.status).toBe(401);
    expect(challenge(expired)).toContain('error="invalid_token"');
  });
});

describe('the authorization server', () => {
  it('issues a refresh token for offline_access only, and rotates it', async () => {
    const started = await lab();
    expect((await signedIn(started, 'mcp:read')).tokens.refresh_token).toBeUndefined();
    const { client, tokens } = await signedIn(started, 'mcp:read offline_access');
    const refreshed = await client.refresh(tokens.refresh_token ?? '');
    expect(refreshed.access_token).toBeTruthy();
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  });

  it.each([
    ['always', 'mcp:read', true],
    ['never', 'mcp:read offline_access', false],
  ] as const)('with refresh tokens %s, a sign-in for "%s" gets one: %s', async (refreshTokens, scope, expected) => {
    const { tokens } = await signedIn(await lab({ refreshTokens }), scope);
    expect(tokens.access_token).toBeTruthy();
    expect(tokens.refresh_token !== undefined).toBe(expected);
  });

  it('refuses a refresh once the allowance is spent', async () => {
    const { client, tokens } = await signedIn(await lab({ refreshFailsAfter: 1 }), 'mcp:read offline_access');
    const first = await client.refresh(tokens.refresh_token ?? '');
    expect(first.access_token).toBeTruthy();
    expect(await client.refresh(first.refresh_token ?? '')).toMatchObject({ error: 'invalid_grant' });
  });

  it('tells the client when the user refuses', async () => {
    const client = new FetchClient(await lab());
    await client.register();
    const response = await client.authorize('mcp:read', 'deny');
    expect(Object.fromEntries(response)).toMatchObject({ error: 'access_denied', state: 'some-state' });
  });

  it('holds a client to its registered scope where told to', async () => {
    const client = new FetchClient(await lab({ registrationScope: 'strict' }));
    await client.register({ scope: 'mcp:read' });
    expect((await client.authorize('mcp:admin')).get('error')).toBe('invalid_scope');
  });

  it('names another issuer in its metadata or its answers where told to', async () => {
    const misnamed = (await lab({ metadataIssuer: 'other' })).authorizationServer.issuer;
    const metadata = await (await fetch(`${misnamed}/.well-known/oauth-authorization-server`)).json();
    expect(metadata).toMatchObject({ issuer: elsewhere.issuer, token_endpoint: `${misnamed}/token` });
    const client = new FetchClient(await lab({ responseIssuer: 'other' }));
    await client.register();
    expect((await client.authorize('mcp:read')).get('iss')).toBe(elsewhere.issuer);
  });

  it('advertises offline_access unless told not to', async () => {
    for (const advertiseOfflineAccess of [true, false]) {
      const { issuer } = (await lab({ advertiseOfflineAccess })).authorizationServer;
      const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
      expect((metadata as { scopes_supported: string[] }).scopes_supported.includes('offline_access')).toBe(
        advertiseOfflineAccess,
      );
    }
  });
});

it('names another resource in the metadata where told to', async () => {
  const { mcpServer } = await lab({ metadataResource: 'other' });
  const { origin } = new URL(mcpServer.url);
  const metadata = await (await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`)).json();
  expect(metadata).toMatchObject({ resource: elsewhere.resource });
});

it('moves to a second authorization server: its tokens are taken, and those of the first no more', async () => {
  const started = await lab();
  const { client, tokens } = await signedIn(started, 'mcp:read');
  const first = started.authorizationServer.issuer;
  await started.migrate();
  expect(started.authorizationServer.issuer).not.toBe(first);
  expect((await client.call('whoami', tokens.access_token)).status).toBe(401);
  const renewed = await signedIn(started, 'mcp:read');
  expect((await renewed.client.call('whoami', renewed.tokens.access_token)).status).not.toBe(401);
  for (const issuer of [first, started.authorizationServer.issuer])
    expect(started.isAuthorizationPage(`${issuer}/auth?x=y`)).toBe(true);
});

it('listens on the loopback interface only, and leaves no port open', async () => {
  const started = await startLab();
  const addresses = [
    started.authorizationServer.issuer,
    started.mcpServer.url,
    started.model.url,
    started.pages.origin,
  ];
  expect(addresses.every((address) => address.startsWith('http://127.0.0.1:'))).toBe(true);
  await started.close();
  const answers = await Promise.allSettled(addresses.map((address) => fetch(address)));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
});
