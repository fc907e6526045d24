import { describe, expect, test } from 'vitest';
import { type Traffic, type TrafficOptions, traffic } from '../../traffic/traffic.ts';
import { outcomes } from '../../traffic/verdicts.ts';
import { expectRow } from './row.ts';

const REQUESTED = 'sep-2207-offline-access-requested';
const NOT_REQUESTED = 'sep-2207-offline-access-not-requested';
const GRANT_TYPES = 'sep-2207-client-metadata-grant-types';
const IN_CHALLENGE = 'sep-2207-challenge-no-offline-access';
const IN_PRM = 'sep-2207-prm-no-offline-access';
const ASSUMED = 'sep-2207-no-assume-refresh-token';
const CONSENT = 'offline-access-prompt-consent';
const WITHIN_GRANT = 'refresh-scope-within-grant';
const UNION = 'sep-2350-scope-union-on-reauth';

const BOTH = { scopes: ['r', 'offline_access'] } as const;
const R_OA = 'r offline_access';
const WITH_CONSENT = { scope: R_OA, prompt: 'consent' } as const;
const RT1 = { refresh: 'refresh-token-one-0001' } as const;
const MINUTES_55 = 55 * 60_000;
/** The server comes first in every log: without one there is no occasion (guard G21). */
const server = (options: TrafficOptions = {}): Traffic =>
  traffic(options)
    .challenge({ scope: 'r' })
    .prm({ scopes: ['r'] });

describe('A.1.5: offline_access', () => {
  test('O1 ASM[r oa] · REG{ac,rt} · AZ(r oa, consent) · TK{rt}', () => {
    const log = server()
      .asm(BOTH)
      .reg()
      .az(WITH_CONSENT)
      .as('AZ')
      .tk({ scope: R_OA, ...RT1 })
      .call();
    expectRow(log, {
      [REQUESTED]: 'pass at AZ',
      [NOT_REQUESTED]: 'pass at AZ',
      [GRANT_TYPES]: 'pass',
      [CONSENT]: 'pass at AZ',
    });
  });

  test('O2 ASM[r oa] · REG{ac,rt} · AZ(r) · TK{–}', () => {
    const log = server().asm(BOTH).reg().az({ scope: 'r' }).as('AZ').tk({ scope: 'r' }).call();
    expectRow(log, { [REQUESTED]: 'note at AZ', [NOT_REQUESTED]: 'pass', [GRANT_TYPES]: 'pass', [ASSUMED]: 'pass' });
  });

  test('O3 O2 · 55 min · M[t] 401(it) · AZ(r)', () => {
    const log = server().asm(BOTH).reg().az({ scope: 'r' }).as('AZ1').tk({ scope: 'r' }).call();
    log.wait(MINUTES_55).expired().az({ scope: 'r' }).as('AZ2');
    // The second request is judged provisionally: its token response is not in the log.
    expectRow(log, { [REQUESTED]: ['warning at AZ1', 'note at AZ2'] });
    expect(outcomes(log).find(({ rule }) => rule === REQUESTED)?.message).toContain(
      'had to sign in again after 55 min',
    );
  });

  test('O4 ASM[r oa] · REG{ac,rt} · AZ(r) · TK{rt}', () => {
    const log = server()
      .asm(BOTH)
      .reg()
      .az({ scope: 'r' })
      .as('AZ')
      .tk({ scope: 'r', ...RT1 })
      .call();
    expectRow(log, { [REQUESTED]: 'pass at AZ' });
  });

  test('O5 ASM[r oa] · REG{ac} · AZ(r) · TK{–}', () => {
    const log = server()
      .asm(BOTH)
      .reg({ grants: ['authorization_code'] })
      .az({ scope: 'r' })
      .tk({ scope: 'r' })
      .call();
    expectRow(log, { [REQUESTED]: 'n/a', [GRANT_TYPES]: 'n/a' });
  });

  test('O6 ASM[r oa] · REG{no grant_types} · AZ(r)', () => {
    const log = server().asm(BOTH).reg({ grants: null }).az({ scope: 'r' });
    expectRow(log, { [REQUESTED]: 'n/a', [GRANT_TYPES]: 'n/a' });
  });

  test('O7 ASM[r oa] · REG{ac} · AZ(r oa) · TK{rt}', () => {
    const log = server()
      .asm(BOTH)
      .reg({ grants: ['authorization_code'] })
      .as('REG')
      .az({ scope: R_OA })
      .tk({ scope: R_OA, ...RT1 })
      .call();
    expectRow(log, { [REQUESTED]: 'pass', [GRANT_TYPES]: 'warning at REG' });
  });

  test('O8 ASM[r] · AZ(r oa) · CB error=invalid_scope', () => {
    const log = server()
      .asm({ scopes: ['r'] })
      .reg()
      .az({ scope: R_OA, error: 'invalid_scope' })
      .as('AZ');
    expectRow(log, { [NOT_REQUESTED]: 'warning at AZ', [REQUESTED]: 'n/a' });
    expect(outcomes(log).find(({ rule }) => rule === NOT_REQUESTED)?.message).toContain('invalid_scope');
  });

  test('O9 401(scope="r oa") · ASM[r] · AZ(r oa)', () => {
    const log = traffic()
      .challenge({ scope: R_OA })
      .as('401')
      .prm({ scopes: ['r'] })
      .asm({ scopes: ['r'] })
      .reg()
      .az({ scope: R_OA });
    expectRow(log, { [NOT_REQUESTED]: 'n/a', [REQUESTED]: 'n/a', [IN_CHALLENGE]: 'warning at 401' });
  });

  test('O10 PRM[r oa] · ASM[r oa] · AZ(r oa) (once) · TK{rt}', () => {
    const log = traffic()
      .challenge({ scope: 'r' })
      .prm(BOTH)
      .as('PRM')
      .asm(BOTH)
      .reg()
      .az({ scope: R_OA })
      .tk({ scope: R_OA, ...RT1 })
      .call();
    expectRow(log, { [REQUESTED]: 'pass', [NOT_REQUESTED]: 'pass', [IN_PRM]: 'warning at PRM' });
  });

  test('O11 ASM without scopes_supported · AZ(r) · TK{–}', () => {
    const log = server().asm().reg().az({ scope: 'r' }).as('AZ').tk({ scope: 'r' }).call();
    expectRow(log, { [REQUESTED]: 'open at AZ', [NOT_REQUESTED]: 'pass' });
  });

  test('O12 (devtools late) AZ(r) · TK{–}', () => {
    const log = traffic().az({ scope: 'r' }).as('AZ').tk({ scope: 'r' }).call();
    expectRow(log, { [REQUESTED]: 'open at AZ' });
  });

  test('O13 popup: ASM[r oa] · TK{scope:"r oa", rt}', () => {
    const log = server()
      .asm(BOTH)
      .tk({ scope: R_OA, ...RT1 })
      .as('TK')
      .call();
    expectRow(log, { [REQUESTED]: 'pass at TK' });
  });

  test('O14 popup: ASM[r oa] · TK{–}', () => {
    const log = server().asm(BOTH).tk({ scope: 'r' }).as('TK').call();
    expectRow(log, { [REQUESTED]: 'open at TK' });
  });

  test('O15 ASM[r oa]@openid-configuration · AZ(openid r oa, no prompt) · TK{–}', () => {
    const log = server()
      .asm({ ...BOTH, openid: true })
      .reg()
      .az({ scope: `openid ${R_OA}` })
      .as('AZ')
      .tk({ scope: 'openid r' })
      .call();
    expectRow(log, {
      [REQUESTED]: 'pass at AZ',
      [CONSENT]: 'warning at AZ',
      // The row leaves out the place that is tried first.
      'as-discovery-order': 'error',
    });
  });

  test('O16 ASM[r oa] · AZ(r oa, consent) · TK{scope:"r",–}', () => {
    expectRow(withoutRefreshToken(), {
      [REQUESTED]: 'pass',
      [CONSENT]: 'pass',
      [NOT_REQUESTED]: 'pass',
      [ASSUMED]: 'pass',
    });
  });

  test('O17 O16 · POST grant_type=refresh_token&refresh_token=undefined', () => {
    const log = withoutRefreshToken().wait(MINUTES_55).rf({ send: 'undefined', error: 'invalid_grant' }).as('RF');
    expectRow(log, { [ASSUMED]: 'error at RF', [REQUESTED]: 'pass' });
  });

  test('O18 AZ(r oa)·TK{rt} · 403(is:w) · AZ(r w) · TK{–}', () => {
    const log = server()
      .asm(BOTH)
      .reg()
      .az(WITH_CONSENT)
      .tk({ scope: R_OA, ...RT1 })
      .call();
    log.forbidden('w').az({ scope: 'r w' }).as('AZ2').tk({ scope: 'r w' }).call('write');
    expectRow(log, { [REQUESTED]: ['pass', 'warning at AZ2'], [UNION]: 'pass at AZ2' });
  });

  test('O19 ASM[r oa] · AZ(r)·TK{scope:"r",rt} · RF{scope="r oa"}', () => {
    const log = server()
      .asm(BOTH)
      .reg()
      .az({ scope: 'r' })
      .tk({ scope: 'r', ...RT1 })
      .call()
      .wait(MINUTES_55)
      .rf({ requestScope: R_OA })
      .as('RF');
    expectRow(log, { [WITHIN_GRANT]: 'error at RF', [REQUESTED]: 'pass' });
  });

  test('O20 ASM[r oa] · AZ(r oa)·TK{rt, no scope} · RF{scope="r oa"}', () => {
    const log = server()
      .asm(BOTH)
      .reg()
      .az({ scope: R_OA })
      .tk(RT1)
      .call()
      .wait(MINUTES_55)
      .rf({ requestScope: R_OA })
      .as('RF');
    expectRow(log, { [WITHIN_GRANT]: 'pass at RF', [REQUESTED]: 'pass' });
  });

  test('O21 Google: ASM[openid email profile] · AZ(x, access_type=offline) · TK{rt}', () => {
    const log = traffic()
      .challenge({ scope: 'x' })
      .prm()
      .asm({ scopes: ['openid', 'email', 'profile'] })
      .az({ scope: 'x', extra: { access_type: 'offline' } })
      .tk({ scope: 'x', ...RT1 })
      .call();
    expectRow(log, { [REQUESTED]: 'n/a' });
  });

  test('O22 pre-registered id · ASM[r oa] · AZ(r) · TK{–}', () => {
    const log = server().asm(BOTH).az({ scope: 'r' }).as('AZ').tk({ scope: 'r' }).call();
    expectRow(log, { [REQUESTED]: 'note at AZ' });
  });

  test('O23 ASM[r oa] · REG req{ac,rt} → resp{ac} · AZ(r)', () => {
    const log = server()
      .asm(BOTH)
      .reg({ granted: ['authorization_code'] })
      .az({ scope: 'r' });
    // The client declared the grant; that the authorization server took it away is not its doing.
    expectRow(log, { [REQUESTED]: 'n/a', [GRANT_TYPES]: 'pass' });
  });

  test('O24 ASM[oa] · REG{ac,rt} · AZ(no scope) · TK{–}', () => {
    const log = traffic()
      .challenge()
      .prm()
      .asm({ scopes: ['offline_access'] })
      .reg()
      .az()
      .as('AZ')
      .tk()
      .call();
    expectRow(log, { [REQUESTED]: 'note at AZ' });
  });

  test('O25 ASM(I₁)[oa], ASM(I₂)[r] · AZ at I₂ (r oa)', () => {
    const issuer = 'https://as-two.example.com';
    const log = traffic()
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'], issuers: ['https://as.example.com', issuer] });
    log
      .asm({ scopes: ['offline_access'] })
      .asm({ issuer, scopes: ['r'] })
      .reg({ issuer })
      .az({ issuer, scope: R_OA })
      .as('AZ');
    expectRow(log, { [NOT_REQUESTED]: 'warning at AZ', [REQUESTED]: 'n/a' });
  });

  test('O26 ASM[r oa] · AZ("r oa oa")', () => {
    const log = server().asm(BOTH).reg().az({ scope: 'r offline_access offline_access' }).as('AZ');
    expectRow(log, { [REQUESTED]: 'pass at AZ', [NOT_REQUESTED]: 'pass at AZ' });
  });

  test('O27 ASM[r] · AZ(r oa) · TK{rt}', () => {
    const log = server()
      .asm({ scopes: ['r'] })
      .as('ASM')
      .reg()
      .az({ scope: R_OA })
      .tk({ scope: R_OA, ...RT1 })
      .call();
    expectRow(log, { [NOT_REQUESTED]: 'note at ASM', [REQUESTED]: 'n/a' });
    expect(outcomes(log).find(({ rule }) => rule === NOT_REQUESTED)?.party).toBe('authorization-server');
  });

  test('O28 V=2025-11-25 · ASM[r oa] · REG{ac,rt} · AZ(r) · TK{–} · 401(it) · AZ', () => {
    const log = server({ revision: '2025-11-25' })
      .asm(BOTH)
      .reg()
      .az({ scope: 'r' })
      .as('AZ1')
      .tk({ scope: 'r' })
      .call();
    log.wait(MINUTES_55).expired().az({ scope: 'r' }).as('AZ2');
    expectRow(log, { [REQUESTED]: ['warning at AZ1', 'note at AZ2'] });
  });
});

function withoutRefreshToken(): Traffic {
  return server().asm(BOTH).reg().az(WITH_CONSENT).tk({ scope: 'r' }).call();
}
