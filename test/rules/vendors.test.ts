import { describe, expect, test } from 'vitest';
import { ISSUER, jwt, PAGE, REDIRECT, SERVER, type Traffic, traffic } from '../traffic/traffic.ts';
import { outcomes } from '../traffic/verdicts.ts';
import { FORM } from './extensions.ts';
import { discovered, HOUR, R_OA, RENEWED, RT1, signedIn } from './sessions.ts';

/** Faults of the client, as `rule level`: in these sessions of real vendors' servers it does nothing wrong. */
function blamed(log: Traffic): readonly string[] {
  return outcomes(log)
    .filter(({ kind, party }) => kind === 'fail' && party === 'client')
    .map(({ rule, level, message }) => `${rule} ${level}: ${message}`);
}

const NO_STORE = {
  'access-control-allow-origin': '*',
  'cache-control': 'no-store',
  date: 'Mon, 02 Nov 2026 09:00:00 GMT',
};
const JSON_TYPE = 'application/json';

function document(log: Traffic, url: string, members: object, status = 200): Traffic {
  const answer = { status, headers: NO_STORE, body: JSON.stringify(members), mimeType: JSON_TYPE };
  return log.raw('GET', url, answer, {}, { origin: PAGE });
}

function posted(
  log: Traffic,
  url: string,
  form: Readonly<Record<string, string>>,
  answer: object,
  status = 200,
): Traffic {
  const answered = { status, headers: NO_STORE, body: JSON.stringify(answer), mimeType: JSON_TYPE };
  return log.raw('POST', url, answered, {}, { ...FORM, origin: PAGE }, new URLSearchParams(form).toString());
}

const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
const PERSON = { _resourceType: 'document' };

describe('the sign-ins of vendors blame no client', () => {
  test('Auth0: an issuer with a slash at its end, an audience beside the resource', () => {
    const as = 'https://acme.eu.auth0.com';
    const log = traffic({ revision: '2025-11-25', issuer: as }).challenge({ scope: 'r' });
    const about = { resource: SERVER, authorization_servers: [`${as}/`], scopes_supported: ['r'] };
    document(log, 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp', about);
    log.asm({
      scopes: ['openid', 'r', 'offline_access'],
      members: {
        issuer: `${as}/`,
        token_endpoint: `${as}/oauth/token`,
        code_challenge_methods_supported: ['S256', 'plain'],
      },
    });
    log.reg().az({ scope: 'r offline_access', prompt: 'consent', extra: { audience: SERVER } });
    log.tk({ url: `${as}/oauth/token`, scope: 'r offline_access', refresh: RT1 });
    expect(blamed(log.call('initialize').call('tools/list'))).toEqual([]);
  });

  test('Keycloak: an issuer with a path, pages of its own between, a token for the account', () => {
    const issuer = 'https://kc.example.net/realms/mcp';
    const at = `${issuer}/protocol/openid-connect`;
    const log = traffic({ issuer })
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'] });
    log.asm({
      scopes: ['openid', 'r', 'offline_access'],
      members: {
        authorization_endpoint: `${at}/auth`,
        token_endpoint: `${at}/token`,
        authorization_response_iss_parameter_supported: true,
      },
    });
    log.reg();
    const query = new URLSearchParams({
      ...CHALLENGE,
      response_type: 'code',
      client_id: 'client-one-0001',
      redirect_uri: REDIRECT,
      scope: 'r offline_access',
      prompt: 'consent',
      state: 'state-of-keycloak-0123456789',
      resource: SERVER,
    });
    const answer = new URLSearchParams({
      code: 'kc-code.0123456789',
      state: 'state-of-keycloak-0123456789',
      session_state: 'x',
      iss: issuer,
    });
    const landing = `${REDIRECT}?${answer}`;
    const login = `${issuer}/login-actions/authenticate?client_id=client-one-0001&tab_id=t1`;
    log.raw('GET', `${at}/auth?${query}`, { body: '<html></html>', mimeType: 'text/html' }, PERSON);
    log.raw('POST', login, { status: 302, headers: { location: landing } }, PERSON, FORM, 'username=a&password=b');
    log.raw('GET', landing, { body: '<html></html>', mimeType: 'text/html' }, PERSON);
    const token = jwt({
      iss: issuer,
      aud: 'account',
      azp: 'client-one-0001',
      scope: 'r offline_access',
      exp: 1_900_000_000,
    });
    const form = { code: 'kc-code.0123456789', code_verifier: VERIFIER };
    log.tk({ url: `${at}/token`, scope: 'r offline_access', refresh: RT1, token, form });
    expect(blamed(log.call('tools/list'))).toEqual([]);
  });

  test('Okta: a pushed authorization request (RFC 9126), a refresh, and a step-up pushed too', () => {
    const issuer = 'https://acme.okta.com/oauth2/aus1';
    const log = traffic({ issuer })
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'] });
    log
      .asm({
        scopes: ['r', 'w', 'offline_access'],
        members: { pushed_authorization_request_endpoint: `${issuer}/par` },
      })
      .reg();
    const pushed = (number: number, scope: string): void => {
      const state = `state-that-was-pushed-${number}`;
      const request = {
        ...CHALLENGE,
        response_type: 'code',
        client_id: 'client-one-0001',
        redirect_uri: REDIRECT,
        scope,
        prompt: 'consent',
        state,
        resource: SERVER,
      };
      const uri = `urn:ietf:params:oauth:request_uri:0123456789-${number}`;
      posted(log, `${issuer}/par`, request, { request_uri: uri, expires_in: 60 }, 201);
      const landing = `${REDIRECT}?code=code-pushed-${number}-0123456789&state=${state}`;
      const query = new URLSearchParams({ client_id: 'client-one-0001', request_uri: uri });
      log.raw('GET', `${issuer}/authorize?${query}`, { status: 302, headers: { location: landing } }, PERSON);
      log.raw('GET', landing, { body: '<html></html>', mimeType: 'text/html' }, PERSON);
      const form = { code: `code-pushed-${number}-0123456789`, code_verifier: VERIFIER };
      log.tk({ scope, refresh: `refresh-token-pushed-${number}`, form });
    };
    pushed(1, 'r offline_access');
    log.call('tools/list').wait(HOUR).expired().rf().call().forbidden('w');
    pushed(2, 'r w offline_access');
    // A challenge and its verifier are used twice here for want of another pair; nothing else is at fault.
    expect(blamed(log.call('write'))).toEqual([]);
  });

  test('a signed request (RFC 9101)', () => {
    const log = traffic()
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'] })
      .asm({ scopes: ['r', 'offline_access'] })
      .reg();
    const state = 'state-that-was-signed-0123456789';
    const request = jwt({
      ...CHALLENGE,
      response_type: 'code',
      client_id: 'client-one-0001',
      redirect_uri: REDIRECT,
      scope: 'r',
      state,
      resource: SERVER,
    });
    const landing = `${REDIRECT}?code=code-signed-0123456789&state=${state}`;
    log.raw(
      'GET',
      `${ISSUER}/authorize?client_id=client-one-0001&request=${request}`,
      { status: 302, headers: { location: landing } },
      PERSON,
    );
    log.raw('GET', landing, { body: '<html></html>', mimeType: 'text/html' }, PERSON);
    log.tk({ scope: 'r', refresh: RT1, form: { code: 'code-signed-0123456789', code_verifier: VERIFIER } });
    expect(blamed(log.call('tools/list'))).toEqual([]);
  });

  test('the device flow (RFC 8628), asked about again and again, and a refresh', () => {
    const log = traffic()
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'] });
    log.asm({ scopes: ['r', 'offline_access'], members: { device_authorization_endpoint: `${ISSUER}/device` } }).reg();
    const device_code = 'device-code-0123456789';
    const client_id = 'client-one-0001';
    const asked = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code, client_id };
    posted(
      log,
      `${ISSUER}/device`,
      { client_id, scope: 'r offline_access' },
      { device_code, user_code: 'ABCD-EFGH', verification_uri: `${ISSUER}/activate`, expires_in: 600 },
    );
    for (let count = 0; count < 4; count += 1)
      posted(log.wait(5000), `${ISSUER}/token`, asked, { error: 'authorization_pending' }, 400);
    const token = 'access-token-of-a-device-01';
    posted(log.wait(5000), `${ISSUER}/token`, asked, {
      access_token: token,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: RT1,
      scope: 'r offline_access',
    });
    log.call('tools/list', { token }).wait(HOUR).expired('search', { token }).rf({ send: RT1 }).call();
    expect(blamed(log)).toEqual([]);
  });

  test('token endpoints under another name: mutual TLS (RFC 8705), and a redirect', () => {
    const url = 'https://mtls.as.example.com/token';
    const log = traffic()
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'] });
    log.asm({ scopes: ['r', 'offline_access'], members: { mtls_endpoint_aliases: { token_endpoint: url } } }).reg();
    log.az({ scope: 'r offline_access', prompt: 'consent' }).tk({ url, scope: 'r offline_access', refresh: RT1 });
    expect(blamed(log.call('tools/list').wait(HOUR).expired().rf({ url }).call())).toEqual([]);
  });

  test('GitHub: scopes parted by commas, no expiry, a step-up', () => {
    const issuer = 'https://github.com/login/oauth';
    const server = 'https://api.githubcopilot.com/mcp/';
    const log = traffic({ revision: '2025-11-25', server, issuer }).call('initialize', {
      token: null,
      status: 401,
      challenge:
        'Bearer scope="repo", resource_metadata="https://api.githubcopilot.com/.well-known/oauth-protected-resource/mcp/"',
    });
    document(log, 'https://api.githubcopilot.com/.well-known/oauth-protected-resource/mcp/', {
      resource: server,
      authorization_servers: [issuer],
      scopes_supported: ['repo', 'user'],
    });
    log.asm({ scopes: ['repo', 'user', 'admin'], members: { registration_endpoint: undefined } });
    const id = { clientId: 'Iv1.0123456789abcdef' };
    const plain = { ...id, refresh: null, expiresIn: null };
    log
      .az({ ...id, scope: 'repo' })
      .tk({ ...plain, scope: 'repo' })
      .call('initialize');
    log
      .forbidden('repo admin')
      .az({ ...id, scope: 'repo admin' })
      .tk({ ...plain, scope: 'repo,admin' });
    expect(blamed(log.call('write'))).toEqual([]);
  });

  test('Atlassian: an authorization server in front of another, no protected resource metadata', () => {
    const as = 'https://mcp.atlassian.example';
    const back = 'https://cf.mcp.atlassian.example';
    const server = `${as}/v1/mcp`;
    const challenge = 'Bearer realm="OAuth", error="invalid_token"';
    const log = traffic({ revision: '2025-11-25', server, issuer: `${as}/v1` });
    log.call('initialize', { token: null, status: 401, challenge });
    for (const path of ['/v1/mcp', '']) document(log, `${as}/.well-known/oauth-protected-resource${path}`, {}, 404);
    document(log, `${as}/.well-known/oauth-authorization-server`, {
      issuer: back,
      authorization_endpoint: `${as}/v1/authorize`,
      token_endpoint: `${back}/token`,
      registration_endpoint: `${as}/v1/register`,
      code_challenge_methods_supported: ['plain', 'S256'],
    });
    const query = { client_id: 'upstream', response_type: 'code', redirect_uri: `${as}/v1/callback`, scope: 'a b' };
    const upstream = `https://auth.atlassian.example/authorize?${new URLSearchParams(query)}`;
    const returned = `${as}/v1/callback?code=upstream-code-0123456789&state=s`;
    log.reg().az({ scope: 'r', elsewhere: upstream });
    log.raw('GET', upstream, { body: '<html></html>', mimeType: 'text/html' }, PERSON);
    log.raw('POST', 'https://auth.atlassian.example/login', { status: 302, headers: { location: returned } }, PERSON);
    log.raw('GET', returned, { status: 302, headers: { location: REDIRECT } }, PERSON);
    const token = { url: `${back}/token`, refresh: RT1 };
    log
      .tk({ ...token, token: 'user:grant:secret-0123456789' })
      .call('initialize')
      .call('tools/list')
      .wait(HOUR);
    expect(blamed(log.expired('search', { challenge }).rf(token).call())).toEqual([]);
  });

  test('Keycloak: a refresh token that has run out by its own lifetime, and a sign-in at once', () => {
    const token = { token: 'keycloak-access-0123456789', refresh: RT1 };
    const answer = { access_token: token.token, token_type: 'Bearer', expires_in: 300, refresh_token: RT1 };
    const answerBody = JSON.stringify({ ...answer, refresh_expires_in: 1800, scope: R_OA });
    const log = discovered()
      .az(RENEWED)
      .tk({ ...token, answerBody })
      .call('tools/list')
      .wait(HOUR);
    expect(blamed(log.expired().az(RENEWED).tk({ scope: R_OA, refresh: 'refresh-two-0123456789' }).call())).toEqual([]);
  });

  test('GitHub Apps: answers in form encoding, a refresh refused with status 200', () => {
    const form = { answerType: 'application/x-www-form-urlencoded' };
    const granted = {
      access_token: 'ghu_0123456789abcdef',
      expires_in: '28800',
      refresh_token: 'ghr_0123456789abcdef',
    };
    const tokens = { token: granted.access_token, refresh: granted.refresh_token };
    const answerBody = String(new URLSearchParams({ ...granted, token_type: 'bearer', scope: '' }));
    const log = discovered({ revision: '2025-11-25' })
      .az({ scope: 'r offline_access' })
      .tk({ ...tokens, ...form, answerBody });
    log
      .call('initialize')
      .call('tools/list')
      .wait(8 * HOUR)
      .expired();
    log.rf({ ...form, answerBody: 'error=bad_refresh_token', error: 'bad_refresh_token', status: 200 });
    log.az({ scope: 'r offline_access' }).tk({ scope: 'r offline_access', refresh: RT1 }).call();
    expect(blamed(log).filter((told) => !told.includes(' note:'))).toEqual([]);
  });

  test('a step-up of the sign-in itself (RFC 9470), for which no refresh would do', () => {
    const challenge = 'Bearer error="insufficient_user_authentication", acr_values="phr", max_age="60"';
    const log = signedIn().call('write', { status: 401, challenge });
    log
      .az({ scope: R_OA, extra: { acr_values: 'phr', max_age: '60' } })
      .tk({ scope: R_OA, refresh: 'refresh-two-0123' });
    expect(blamed(log.call('write'))).toEqual([]);
  });

  test('a gateway: three servers of one resource, one token for all, refreshed once for all', () => {
    const gateway = 'https://gateway.example.com';
    const resource = { resource: gateway };
    const servers = ['github', 'jira', 'slack'].map((name) => `${gateway}/${name}/mcp`);
    const log = traffic({ server: servers[0] ?? '' });
    const place = `Bearer resource_metadata="${gateway}/.well-known/oauth-protected-resource", scope="r"`;
    for (const server of servers) log.call('tools/list', { server, token: null, status: 401, challenge: place });
    document(log, `${gateway}/.well-known/oauth-protected-resource`, { ...resource, authorization_servers: [ISSUER] });
    log.asm({ scopes: ['r', 'offline_access'] }).reg();
    log.az({ ...RENEWED, ...resource }).tk({ ...resource, scope: R_OA, refresh: RT1 });
    for (const server of servers) log.call('tools/list', { server });
    log.wait(HOUR);
    for (const server of servers) log.expired('search', { server, after: -10 });
    log.rf(resource);
    for (const server of servers) log.call('search', { server });
    expect(blamed(log)).toEqual([]);
  });
});
