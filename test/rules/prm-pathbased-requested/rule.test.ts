import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { bare401, get, issuer, missing, naming401, PRM, ROOT_PRM, resource } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'prm-pathbased-requested';
const ORIGIN = 'https://mcp.example.com';
const challenged = () => bare401(traffic());

describe(RULE, () => {
  test('passes when the path was tried', () => {
    const log = get(challenged(), PRM, resource()).as('PRM').asm().reg().az().tk();
    expectOnly(log, RULE, 'pass', { at: 'PRM', party: 'client' });
  });

  test('is an error when only the root was tried', () => {
    const log = get(challenged(), ROOT_PRM, resource()).as('root').asm().reg();
    expectOnly(log, RULE, 'error', { at: 'root', part: 'request.url', party: 'client', says: 'registered' });
  });

  test("is an error when the server's origin was taken for the authorization server", () => {
    const log = get(challenged(), `${ORIGIN}/.well-known/oauth-authorization-server`, issuer({}, ORIGIN)).as('ASM');
    expectOnly(log.az({ issuer: ORIGIN }), RULE, 'error', { at: 'ASM' });
  });

  test('is a note before 2025-11-25', () => {
    const log = get(bare401(traffic({ revision: '2025-06-18' })), ROOT_PRM, resource())
      .asm()
      .reg()
      .az()
      .tk()
      .call();
    expectOnly(log, RULE, 'note', { says: '2025-11-25' });
  });

  test('counts a challenge that the page could not read as one without a URL', () => {
    const hidden = { headers: { 'access-control-expose-headers': 'Mcp-Session-Id' } };
    expectOnly(
      get(naming401(traffic(), PRM, hidden), ROOT_PRM, resource())
        .asm()
        .reg(),
      RULE,
      'error',
    );
  });

  test('is open when no discovery was recorded: the authorization server may be configured', () => {
    expectOnly(challenged().az().as('AZ'), RULE, 'open', { at: 'AZ', missing: ['protected-resource-metadata'] });
    expectOnly(challenged().asm().reg().az(), RULE, 'open', { missing: ['protected-resource-metadata'] });
  });

  test('says nothing of a client that offers 2025-03-26 and no newer revision', () => {
    const log = bare401(traffic({ revision: null })).call('initialize', {
      status: 401,
      token: null,
      challenge: 'Bearer',
    });
    const { request } = log.har().log.entries[log.last] ?? {};
    const params = { protocolVersion: '2025-03-26' };
    const text = JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'initialize', params });
    Object.assign((request as { postData: object }).postData, { text });
    get(log, `${ORIGIN}/.well-known/oauth-authorization-server`, issuer({}, ORIGIN)).az({ issuer: ORIGIN });
    expect(judged(log, RULE)).toEqual([]);
  });

  test('says nothing where a challenge names the metadata, without a sign-in, and at the root', () => {
    expect(judged(signedIn(), RULE)).toEqual([]);
    expect(judged(missing(challenged(), ROOT_PRM), RULE)).toEqual([]);
    const server = `${ORIGIN}/`;
    const log = get(bare401(traffic({ server }), server), ROOT_PRM, resource({ resource: server }))
      .asm()
      .reg()
      .az();
    expect(judged(log, RULE)).toEqual([]);
  });
});
