import { describe, expect, test } from 'vitest';
import { ISSUER, jwt, PAGE, REDIRECT, SERVER, type Traffic, traffic } from '../traffic/traffic.ts';
import { outcomes } from '../traffic/verdicts.ts';
import { DEAD, discovered, HOUR, R_OA, RENEWED, RT1, signedIn } from './sessions.ts';

/** Faults of the client: in these sessions it does nothing wrong. */
function blamed(log: Traffic): readonly string[] {
  return outcomes(log)
    .filter(({ kind, party, level }) => kind === 'fail' && party === 'client' && level !== 'note')
    .map(({ rule, level, message }) => `${rule} ${level}: ${message}`);
}

const GRANT = { scope: 'r offline_access', refresh: RT1 } as const;
const CHALLENGED = { scope: 'r w', as: 'write' } as const;

describe('what ordinary sessions do blames no client', () => {
  test('the older HTTP+SSE transport: a stream, and messages to another address', () => {
    const sse = 'https://mcp.example.com/sse';
    const log = traffic({ revision: '2025-11-25', server: sse }).challenge({ scope: 'r' }).prm().asm().reg();
    log.az({ scope: 'r' }).tk({ scope: 'r', token: jwt({ iss: ISSUER, aud: sse, exp: 1_900_000_000 }) });
    log.call('GET', { body: 'event: endpoint\ndata: /messages?sessionId=0123\n\n' });
    const message = {
      server: 'https://mcp.example.com/messages?sessionId=0123',
      status: 202,
      body: 'Accepted',
      mimeType: 'text/plain',
    };
    for (const what of ['initialize', 'notifications/initialized', 'tools/list', 'search']) log.call(what, message);
    expect(blamed(log)).toEqual([]);
  });

  test('two endpoints of one resource share a token', () => {
    const root = { resource: 'https://mcp.example.com' };
    const log = traffic()
      .challenge({ scope: 'r' })
      .prm({ ...root, scopes: ['r'] })
      .asm({ scopes: ['r'] })
      .reg();
    log
      .az({ ...root, scope: 'r' })
      .tk({ ...root, scope: 'r' })
      .call();
    const other = 'https://mcp.example.com/other';
    log.raw(
      'GET',
      'https://mcp.example.com/.well-known/oauth-protected-resource/other',
      {
        body: JSON.stringify({ ...root, authorization_servers: [ISSUER] }),
        mimeType: 'application/json',
        headers: { 'access-control-allow-origin': '*' },
      },
      {},
      { origin: PAGE },
    );
    expect(blamed(log.call('search', { server: other }))).toEqual([]);
  });

  test('two servers of one authorization server, signed in side by side, refreshed side by side', () => {
    const b = 'https://b.example.com/mcp';
    const log = traffic().challenge({ scope: 'r' }).challenge({ scope: 'r', server: b });
    log
      .prm({ scopes: ['r'] })
      .prm({ scopes: ['r'], server: b })
      .asm({ scopes: ['r', 'offline_access'] });
    log.reg({ clientId: 'client-a-0001' }).az({ ...RENEWED, clientId: 'client-a-0001' });
    const first = { code: log.code, code_verifier: 'verifier-1-0123456789012345678901234567890123456789' };
    log.reg({ clientId: 'client-b-0002' }).az({ ...RENEWED, clientId: 'client-b-0002', resource: b });
    const second = { code: log.code, code_verifier: 'verifier-2-0123456789012345678901234567890123456789' };
    const tokens = ['token-of-a-0123456789', 'token-of-b-0123456789'] as const;
    const [mine, theirs] = [{ clientId: 'client-a-0001' }, { clientId: 'client-b-0002', resource: b }];
    log.tk({ ...mine, form: first, scope: GRANT.scope, token: tokens[0], refresh: 'refresh-of-a-0123456789' });
    log.tk({ ...theirs, form: second, scope: GRANT.scope, token: tokens[1], refresh: 'refresh-of-b-0123456789' });
    log.call('search', { token: tokens[0] }).call('search', { token: tokens[1], server: b }).wait(HOUR);
    log.expired('search', { token: tokens[0] }).expired('search', { token: tokens[1], server: b, after: -15 });
    log.rf({ ...mine, send: 'refresh-of-a-0123456789', token: 'token-of-a-again-0123456789' });
    log.rf({ ...theirs, send: 'refresh-of-b-0123456789', token: 'token-of-b-again-0123456789', after: -15 });
    log.call('search', { token: 'token-of-a-again-0123456789' });
    expect(blamed(log.call('search', { token: 'token-of-b-again-0123456789', server: b }))).toEqual([]);
  });

  test('two servers of one client, of which one is signed out from while the other asks for more', () => {
    const b = 'https://b.example.com/mcp';
    const log = discovered()
      .az(RENEWED)
      .tk({ ...GRANT, token: 'token-of-a-0123456789' });
    log.call('search', { token: 'token-of-a-0123456789' });
    log
      .challenge({ scope: 'r', server: b })
      .prm({ scopes: ['r'], server: b })
      .az({ ...RENEWED, resource: b });
    const theirs = { refresh: 'refresh-of-b-0123456789', token: 'token-of-b-0123456789', resource: b };
    log.tk({ ...GRANT, ...theirs }).call('search', { server: b });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    log.forbidden('w', 'write', { server: b }).raw('POST', `${ISSUER}/revoke`, {}, {}, form, `token=${RT1}`);
    const wide = 'r w offline_access';
    log.az({ scope: wide, prompt: 'consent', resource: b }).tk({ ...GRANT, ...theirs, scope: R_OA });
    log.call('search', { server: b }).wait(200_000).call('search', { server: b });
    expect(blamed(log)).toEqual([]);
    // The session that goes on keeps its scopes in mind: what replaces them is told.
    const replaced = log.forbidden('x', 'other', { server: b }).az({ scope: 'x offline_access', resource: b });
    replaced.tk({ ...GRANT, ...theirs, scope: 'x offline_access' }).call('other', { server: b });
    expect(blamed(replaced).map((told) => told.split(':')[0])).toEqual(['sep-2350-scope-union-on-reauth warning']);
  });

  test('tenants: servers and authorization servers told apart by their paths alone', () => {
    const tenant = (name: string) => ({ server: `https://mcp.example.com/${name}/mcp`, issuer: `${ISSUER}/${name}` });
    const [one, two] = [tenant('one'), tenant('two')];
    const log = traffic(one)
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'] })
      .asm({ scopes: ['r', 'offline_access'] });
    log
      .reg()
      .az(RENEWED)
      .tk({ ...GRANT, token: 'token-of-one-0123456789' })
      .call();
    log.challenge({ scope: 'r', server: two.server });
    log.prm({ scopes: ['r'], server: two.server, issuers: [two.issuer] });
    log.asm({ scopes: ['r', 'offline_access'], issuer: two.issuer });
    log.reg({ clientId: 'client-two-0002', issuer: two.issuer });
    log.az({ ...RENEWED, issuer: two.issuer, resource: two.server });
    log.tk({ ...GRANT, refresh: 'refresh-of-two-0123456789', issuer: two.issuer, resource: two.server });
    log.call('search', { server: two.server }).call('search', { token: 'token-of-one-0123456789' });
    expect(blamed(log)).toEqual([]);
  });

  test('a back end for the page: cookies, a 401, its own refresh', () => {
    const own = { server: `${PAGE}/api/mcp`, token: null, requestHeaders: { cookie: 'session=0123456789abcdef' } };
    const log = traffic({ revision: '2025-11-25' }).az({ scope: 'r' }).call('tools/list', own);
    log.call('search', { ...own, status: 401 }).raw('POST', `${PAGE}/api/refresh`, {}, {}, { origin: PAGE });
    expect(outcomes(log.call('search', own)).filter(({ kind }) => kind === 'fail')).toEqual([]);
  });

  test('gateways: 429, 502, 503, a firewall’s pages, also before the token endpoint', () => {
    const page = (status: number) => ({ status, body: '<html>later</html>', mimeType: 'text/html' });
    const log = signedIn().call('search', page(429)).wait(1000).call('search', page(502)).call('search', page(503));
    log.call('search', { ...page(403), headers: { server: 'cloudflare', 'cf-mitigated': 'challenge' } }).call();
    log.wait(HOUR).expired().rf({ status: 429, answerBody: '<html></html>', answerType: 'text/html' });
    expect(blamed(log.wait(2000).rf().call())).toEqual([]);
  });

  test('two tabs: one refreshes for both, another person signs in beside', () => {
    const shared = signedIn().onPage('one').wait(HOUR).expired().rf({ token: 'token-for-both-0123456789' });
    shared.onPage('two').call('search', { token: 'token-for-both-0123456789' }).onPage('one').call();
    expect(blamed(shared)).toEqual([]);
    const persons = signedIn().onPage('one').call('search', { token: 'access-token-3-0123456789' });
    persons
      .onPage('two')
      .challenge({ scope: 'r' })
      .az(RENEWED)
      .tk({ ...GRANT, refresh: 'refresh-of-another-01' })
      .call();
    expect(blamed(persons)).toEqual([]);
  });

  test('a call that was under way while the token was renewed', () => {
    const log = signedIn()
      .wait(HOUR - 60_000)
      .expired('search', { duration: 400, after: 50 });
    log.rf({ after: -380, duration: 100 }).call('search', { after: -50 });
    expect(blamed(log)).toEqual([]);
  });

  test('a step-up that the user declines, and one that the user narrows', () => {
    const declined = signedIn().forbidden(CHALLENGED.scope, CHALLENGED.as);
    declined.az({ ...RENEWED, scope: 'r w offline_access', error: 'access_denied' }).call();
    expect(blamed(declined.wait(200_000).call())).toEqual([]);
    const narrowed = signedIn().forbidden(CHALLENGED.scope, CHALLENGED.as);
    narrowed.az({ ...RENEWED, scope: 'r w offline_access' }).tk({ ...GRANT, refresh: 'refresh-token-two-0002' });
    expect(blamed(narrowed.forbidden(CHALLENGED.scope, CHALLENGED.as).wait(200_000).call())).toEqual([]);
  });

  test('signing out, with and without a word to the authorization server, and in again for less', () => {
    const wide = () =>
      signedIn()
        .forbidden(CHALLENGED.scope, CHALLENGED.as)
        .az({ ...RENEWED, scope: 'r w offline_access' })
        .tk({ scope: 'r w offline_access', refresh: 'refresh-token-two-0002' })
        .call('write');
    const again = { ...GRANT, refresh: 'refresh-token-three-003' };
    const told = wide().revoke().forget().wait(5000).challenge({ scope: 'r' });
    expect(
      blamed(
        told
          .az({ ...RENEWED, prompt: 'login' })
          .tk(again)
          .call(),
      ),
    ).toEqual([]);
    const untold = wide().forget().reload().wait(5000).challenge({ scope: 'r' });
    expect(blamed(untold.az(RENEWED).tk(again).call())).toEqual([]);
  });

  test('the callback page’s own requests, whose Referer holds the code', () => {
    const log = traffic()
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'] })
      .asm({ scopes: ['r', 'offline_access'] });
    log.reg().az(RENEWED);
    const referer = `${REDIRECT}?code=${log.code}&state=state-1-abcdefghijklmnop`;
    log.raw(
      'GET',
      `${PAGE}/app.js`,
      { mimeType: 'text/javascript', body: 'x' },
      { _resourceType: 'script' },
      { referer },
    );
    log.raw('GET', 'https://fonts.example.net/a.css', { mimeType: 'text/css' }, {}, { referer: `${PAGE}/` });
    expect(blamed(log.tk(GRANT).call())).toEqual([]);
  });

  test('the server moves to another authorization server: a new registration, a new sign-in', () => {
    const issuer = 'https://new-as.example.net';
    const log = signedIn()
      .wait(HOUR)
      .expired()
      .rf(DEAD)
      .prm({ scopes: ['r'], issuers: [issuer] });
    log.asm({ scopes: ['r', 'offline_access'], issuer }).reg({ clientId: 'client-two-0002', issuer });
    log
      .az({ ...RENEWED, issuer })
      .tk({ ...GRANT, refresh: 'refresh-token-two-0002', issuer })
      .call();
    expect(blamed(log)).toEqual([]);
  });

  test('probes that are no calls: HEAD, OPTIONS, a person who opens the address', () => {
    const log = signedIn().raw('HEAD', SERVER, { status: 401 }).raw('OPTIONS', SERVER, { status: 401 });
    log.raw(
      'GET',
      SERVER,
      { status: 401, challenge: 'Bearer' },
      { _resourceType: 'document' },
      { accept: 'text/html' },
    );
    expect(blamed(log.call())).toEqual([]);
  });
});
