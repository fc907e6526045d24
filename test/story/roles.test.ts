import { describe, expect, it } from 'vitest';
import { ISSUER, SERVER, traffic } from '../traffic/traffic.ts';
import { tell } from './story.ts';

describe('roles', () => {
  it('say what each entry is, with server, issuer, grant and tokens', () => {
    const log = traffic()
      .challenge()
      .prm()
      .asm()
      .reg()
      .az({ scope: 'r' })
      .tk({ refresh: 'rt-one-0123456789' })
      .call()
      .rf()
      .call()
      .revoke()
      .model({ messages: [] }, {})
      .raw('GET', 'https://elsewhere.example/');
    const { roles } = tell(log);
    expect([...roles.keys()].sort((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect([...Array(12).keys()].map((entry) => roles.get(entry)?.kind)).toEqual([
      'mcp',
      'protected-resource-metadata',
      'authorization-server-metadata',
      'registration',
      'authorization-request',
      'authorization-response',
      'token-request',
      'mcp',
      'refresh',
      'mcp',
      'revocation',
      'model',
    ]);
    expect(roles.get(6)).toEqual({
      kind: 'token-request',
      server: SERVER,
      issuer: ISSUER,
      grant: 'g1',
      tokens: ['at-1', 'rt-1'],
    });
    expect(roles.get(7)).toEqual({ kind: 'mcp', server: SERVER, issuer: null, grant: 'g1', tokens: ['at-1'] });
    expect([...(roles.get(8)?.tokens ?? [])].sort()).toEqual(['at-2', 'rt-1', 'rt-2']);
    expect(roles.get(1)?.server).toBe(SERVER);
    expect(roles.get(2)?.issuer).toBe(ISSUER);
  });
  it('keep a registration one that is sent while another sign-in shows its pages', () => {
    const document = { _resourceType: 'document' } as const;
    const log = traffic().challenge().prm().asm();
    const query = `response_type=code&client_id=c&state=state-1&redirect_uri=${encodeURIComponent('https://app.example.org/callback')}&resource=${encodeURIComponent(SERVER)}`;
    log.raw('GET', `${ISSUER}/authorize?${query}`, { body: '<form>' }, document).reg();
    log
      .raw('POST', `${ISSUER}/login`, { body: '<form>' }, document)
      .raw('GET', 'https://app.example.org/callback?code=c1&state=state-1', {}, document);
    const { roles } = tell(log);
    expect([3, 4, 5, 6].map((entry) => roles.get(entry)?.kind)).toEqual([
      'authorization-request',
      'registration',
      'authorization-page',
      'authorization-response',
    ]);
  });
  it('count the authorization server’s documents between request and response as its pages, not its API', () => {
    const document = { _resourceType: 'document' } as const;
    const log = traffic().challenge().prm().asm();
    const query = `response_type=code&client_id=c&state=state-1&redirect_uri=${encodeURIComponent('https://app.example.org/callback')}&resource=${encodeURIComponent(SERVER)}`;
    log
      .raw('GET', `${ISSUER}/authorize?${query}`, { body: '<form>' }, document)
      .raw('POST', `${ISSUER}/login`, { body: '<form>' }, document);
    log
      .raw('GET', `${ISSUER}/logo.png`, {}, { _resourceType: 'image' })
      .raw('GET', 'https://elsewhere.example/', {}, document);
    log
      .raw('GET', 'https://app.example.org/callback?code=c1&state=state-1', {}, document)
      .raw('GET', `${ISSUER}/account`, {}, document);
    const { roles } = tell(log);
    expect([3, 4, 5, 6, 7, 8].map((entry) => roles.get(entry)?.kind)).toEqual([
      'authorization-request',
      'authorization-page',
      undefined,
      undefined,
      'authorization-response',
      undefined,
    ]);
  });
});
