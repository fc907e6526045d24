import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/exchange/exchange.ts';
import { readHar } from '../../src/exchange/read-har.ts';
import { ISSUER, PAGE, SERVER, type Traffic, traffic } from '../traffic/traffic.ts';
import { causes, tell } from './story.ts';

function signedIn(scope = 'r'): Traffic {
  return traffic()
    .challenge({ scope })
    .prm()
    .asm()
    .reg()
    .az({ scope })
    .tk({ scope, refresh: 'rt-one-0123456789' })
    .call();
}

function chains(log: Traffic): readonly string[] {
  return tell(log).grants.map(({ chain }) => chain);
}

function machine(log: Traffic, grantType: string): Traffic {
  const form = new URLSearchParams({
    grant_type: grantType,
    client_id: 'client-one-0001',
    scope: 'r w',
    resource: SERVER,
  });
  const body = JSON.stringify({ access_token: `machine-token-${log.last}`, token_type: 'Bearer', scope: 'r w' });
  return log.raw(
    'POST',
    `${ISSUER}/token`,
    { body, mimeType: 'application/json' },
    {},
    { 'content-type': 'application/x-www-form-urlencoded', origin: PAGE },
    String(form),
  );
}

describe('a chain begins anew (guard G13)', () => {
  it.each([
    ['after a revocation', (log: Traffic) => log.revoke().az({ scope: 'w' })],
    ['with prompt=select_account', (log: Traffic) => log.az({ scope: 'w', prompt: 'select_account' })],
    ['with prompt=login', (log: Traffic) => log.az({ scope: 'w', prompt: 'login' })],
    ['with another login_hint', (log: Traffic) => log.az({ scope: 'w', extra: { login_hint: 'bob' } })],
    ['with another client', (log: Traffic) => log.az({ scope: 'w', clientId: 'client-two-0002' })],
    [
      'at another issuer',
      (log: Traffic) =>
        log.asm({ issuer: 'https://as-two.example.com' }).az({ scope: 'w', issuer: 'https://as-two.example.com' }),
    ],
  ])('%s', (_, act) => {
    expect(chains(act(signedIn()))).toEqual(['c1', 'c2']);
  });
  it.each([
    ['a refused revocation', (log: Traffic) => log.raw('POST', `${ISSUER}/revoke`, { status: 503 }).az({ scope: 'w' })],
    ['prompt=consent', (log: Traffic) => log.az({ scope: 'w', prompt: 'consent' })],
    ['a reload', (log: Traffic) => log.reload().az({ scope: 'w' })],
  ])('and not after %s', (_, act) => {
    expect(chains(act(signedIn()))).toEqual(['c1', 'c1']);
  });
  it('and not with the same login_hint again', () => {
    const log = traffic()
      .challenge()
      .prm()
      .asm()
      .az({ extra: { login_hint: 'ann' } })
      .tk()
      .az({ extra: { login_hint: 'ann' } });
    expect(chains(log)).toEqual(['c1', 'c1']);
  });
});

describe('the cause of a grant', () => {
  it('is the challenge before it', () => {
    expect(causes(tell(signedIn().expired().az().tk()))).toEqual(['initial 0', '401 8']);
    expect(causes(tell(signedIn().forbidden('w').az({ scope: 'r w' })))).toEqual(['initial 0', 'step-up 8']);
  });
  it('is the user where none was, or one long ago', () => {
    expect(causes(tell(signedIn().az()))).toEqual(['initial 0', 'user']);
    expect(causes(tell(signedIn().forbidden('w').wait(121_000).az({ scope: 'w' })))).toEqual(['initial 0', 'user']);
  });
  it('is none that was answered: a 401 by a refresh, a 403 by a grant of its scopes or the operation’s success', () => {
    expect(causes(tell(signedIn().expired().rf().call().az()))[1]).toBe('user');
    expect(
      causes(tell(signedIn().forbidden('w').az({ scope: 'r w' }).tk({ scope: 'r w' }).az({ scope: 'r w' })))[2],
    ).toBe('user');
    expect(causes(tell(signedIn().forbidden('w').call('write').az({ scope: 'r w' })))[1]).toBe('user');
    expect(causes(tell(signedIn().forbidden('w').rf().az({ scope: 'r w' })))[1]).toBe('step-up 8');
  });
  it('of several pending challenges is the one whose scopes are asked for, else the latest', () => {
    const log = (): Traffic =>
      signedIn().forbidden('w', 'write', { duration: 60 }).forbidden('x', 'export', { after: -50 });
    expect(causes(tell(log().az({ scope: 'r x' })))[1]).toBe('step-up 8 9');
    expect(causes(tell(log().az({ scope: 'r' })))[1]).toBe('step-up 9 8');
  });
  it('of a second request after parallel challenges is the one still open (U28)', () => {
    const log = signedIn().forbidden('w', 'write', { duration: 60 }).forbidden('x', 'export', { after: -50 });
    log.az({ scope: 'r w' }).tk({ scope: 'r w' }).az({ scope: 'r x' });
    expect(causes(tell(log))).toEqual(['initial 0', 'step-up 9 8', 'step-up 9']);
  });
  it('of a refresh whose authorization lies before the log is unknown', () => {
    expect(
      causes(
        tell(
          traffic()
            .expired('search', { token: 'from-before-012345' })
            .prm()
            .asm()
            .rf({ send: 'rt-before-012345' })
            .call(),
        ),
      ),
    ).toEqual(['unknown']);
  });
  it.each([
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:token-exchange',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
  ])('of a program’s own grant is unknown, whatever came before: %s', (grantType) => {
    expect(causes(tell(machine(signedIn().expired(), grantType)))[1]).toBe('unknown');
    expect(causes(tell(machine(signedIn().forbidden('w'), grantType)))[1]).toBe('unknown');
    expect(chains(machine(signedIn(), grantType))).toEqual(['c1', 'c2']);
  });
  it('cannot be a challenge of another server', () => {
    const second = 'https://mcp.example.com/second';
    const log = signedIn()
      .challenge({ server: second })
      .prm({ server: second })
      .forbidden('w', 'write', { server: second });
    expect(causes(tell(log.az({ scope: 'r' })))[1]).toBe('user');
  });
});

describe('the server of a grant', () => {
  const second = 'https://mcp.example.com/second';
  it('is that of its resource, also with a slash more or as an origin', () => {
    for (const resource of [`${SERVER}/`, 'https://mcp.example.com']) {
      const story = tell(traffic().challenge().prm().asm().az({ resource }).tk({ resource }));
      expect(story.grants[0]?.server?.url).toBe(SERVER);
    }
  });
  it('without one is that to which its token was sent, or that which asked', () => {
    const used = traffic()
      .challenge()
      .challenge({ server: second })
      .az({ resource: null })
      .tk({ resource: null })
      .call('search', { server: second });
    expect(tell(used).grants[0]?.server?.url).toBe(second);
    const asked = traffic().challenge().call('search', { server: second, token: null }).az({ resource: null });
    expect(tell(asked).grants[0]?.server?.url).toBe(SERVER);
  });
  it('is none where several can be meant, or a resource names another (guard G21)', () => {
    const both = traffic().challenge().challenge({ server: second }).az({ resource: null });
    expect(tell(both).grants[0]?.server).toBeNull();
    expect(
      tell(traffic().challenge().prm().asm().az({ resource: 'https://api.example.net' })).grants[0]?.server,
    ).toBeNull();
  });
});

it('answers no refusal by what began before the refused call, however fast the parties are', () => {
  const log = signedIn();
  for (let round = 0; round < 3; round += 1) log.forbidden('w').az({ scope: 'r w' }).tk({ scope: 'r' });
  const story = tell(hurried(log.forbidden('w')));
  expect(causes(story).map((cause) => cause.split(' ')[0])).toEqual(['initial', 'step-up', 'step-up', 'step-up']);
  for (const { entries } of story.recoveries) expect(entries).toEqual(entries.toSorted((one, other) => one - other));
});

/** The exchanges of a log whose every exchange took three milliseconds and began when the one before ended. */
function hurried(log: Traffic): readonly Exchange[] {
  const { entries } = log.har().log;
  const start = Date.parse(entries[0]?.startedDateTime ?? '');
  const fast = entries.map((entry, index) => ({
    ...entry,
    startedDateTime: new Date(start + index * 3).toISOString(),
    time: 3,
    timings: { send: 0, wait: 3, receive: 0 },
  }));
  return readHar({ log: { version: '1.2', entries: fast } }).exchanges;
}
