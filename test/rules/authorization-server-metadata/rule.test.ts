import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { ASM, bare401, get, issuer, missing, OPENID, PRM, ROOT_PRM } from '../metadata.ts';
import { HOUR, signedIn } from '../sessions.ts';

const RULE = 'authorization-server-metadata';
const ORIGIN = 'https://mcp.example.com';

describe(RULE, () => {
  test('passes when the metadata was fetched first', () => {
    expectOnly(signedIn(), RULE, 'pass', { part: 'request.url', party: 'client' });
  });

  test('passes a search that found nothing, and one at another place', () => {
    expectOnly(missing(traffic().challenge().prm(), ASM).reg().az(), RULE, 'pass');
    expectOnly(get(traffic().challenge().prm(), OPENID, issuer()).reg().az(), RULE, 'pass');
  });

  test("passes metadata at the server's own origin, as in 2025-03-26", () => {
    const log = missing(missing(bare401(traffic({ issuer: ORIGIN })), PRM), ROOT_PRM)
      .asm()
      .reg()
      .az()
      .tk();
    expectOnly(log, RULE, 'pass');
  });

  test('is an error when a client that searched from scratch registers without it', () => {
    const log = traffic().challenge().prm().reg().as('REG').az().tk().call();
    expectOnly(log, RULE, 'error', { at: 'REG', part: 'request.url', party: 'client', says: 'registered' });
  });

  test('is an error when it was fetched only afterwards', () => {
    expectOnly(traffic().challenge().prm().reg().as('REG').asm().az().tk(), RULE, 'error', { at: 'REG' });
  });

  test('is open when the log begins later, or shows no search: the client may know it from before', () => {
    const open = { missing: ['authorization-server-metadata'] };
    expectOnly(traffic().challenge().reg().az().tk(), RULE, 'open', open);
    expectOnly(traffic().challenge().prm().az().tk(), RULE, 'open', open);
    expectOnly(
      traffic().call('tools/list', { token: 'earlier-token-0001' }).challenge().prm().reg(),
      RULE,
      'open',
      open,
    );
  });

  test('gives one outcome for an authorization server', () => {
    expect(judged(signedIn().wait(HOUR).rf().az().tk(), RULE)).toHaveLength(1);
  });

  test('says nothing without a sign-in, and of one for no MCP server', () => {
    expect(judged(traffic().challenge().prm(), RULE)).toEqual([]);
    expect(judged(traffic().reg().az({ resource: null }).tk({ resource: null }), RULE)).toEqual([]);
  });
});
