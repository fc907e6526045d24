import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { ASM, agreeOnOldest, bare401, get, issuer, missing, PRM, ROOT_PRM } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'no-legacy-endpoint-fallback';
const ORIGIN = 'https://mcp.example.com';
const fails = (log = traffic()) => judged(log, RULE).filter(({ kind }) => kind === 'fail');

describe(RULE, () => {
  test('passes a sign-in where the metadata says', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'client' });
  });

  test("is an error when the user is sent to the server's own /authorize", () => {
    const log = traffic().challenge().prm().az({ issuer: ORIGIN }).as('AZ');
    expectOnly(log, RULE, 'error', { at: 'AZ', party: 'client', says: 'https://as.example.com' });
  });

  test("is an error when the client registers at the server's own /register", () => {
    expectOnly(traffic().challenge().prm().reg({ issuer: ORIGIN }).as('REG'), RULE, 'error', {
      at: 'REG',
      says: 'registered',
    });
  });

  test("is an error when metadata at the server's origin gave the endpoint", () => {
    const log = get(
      traffic().challenge().prm(),
      `${ORIGIN}/.well-known/oauth-authorization-server`,
      issuer({ authorization_endpoint: `${ORIGIN}/oauth/login` }, ORIGIN),
    );
    log
      .raw(
        'GET',
        `${ORIGIN}/oauth/login?response_type=code&client_id=c1&resource=${encodeURIComponent(`${ORIGIN}/mcp`)}&state=state-0123456789`,
      )
      .as('AZ');
    expectOnly(log, RULE, 'error', { at: 'AZ' });
  });

  test('says nothing of a named authorization server that is the origin itself', () => {
    const log = traffic({ issuer: ORIGIN }).challenge().prm().asm().reg().az().tk().call();
    expect(fails(log)).toEqual([]);
  });

  test("says nothing of endpoints that the named authorization server puts at the server's origin", () => {
    const log = get(traffic().challenge().prm(), ASM, issuer({ authorization_endpoint: `${ORIGIN}/authorize` })).az({
      issuer: ORIGIN,
    });
    expect(fails(log)).toEqual([]);
  });

  test('says nothing where the server has no metadata', () => {
    const log = missing(missing(bare401(traffic()), PRM), ROOT_PRM)
      .asm({ issuer: ORIGIN })
      .reg({ issuer: ORIGIN })
      .az({ issuer: ORIGIN })
      .tk({ issuer: ORIGIN });
    expect(judged(log, RULE)).toEqual([]);
  });

  test('is open when a challenge names metadata that is not in the log', () => {
    expectOnly(traffic().challenge().az({ issuer: ORIGIN }).as('AZ'), RULE, 'open', {
      at: 'AZ',
      missing: ['protected-resource-metadata'],
    });
  });

  test('does not apply to 2025-03-26', () => {
    const log = agreeOnOldest(traffic({ revision: '2025-03-26' }).challenge().prm().az({ issuer: ORIGIN }));
    expectOnly(log, RULE, 'notApplicable');
  });
});
