import { describe, expect, test } from 'vitest';
import { type TrafficOptions, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, R_OA, RENEWED, RT1 } from '../sessions.ts';

const RULE = 'sep-2207-offline-access-not-requested';
const unoffered = (options: TrafficOptions = {}) =>
  traffic(options)
    .challenge({ scope: 'r' })
    .prm({ scopes: ['r'] })
    .asm({ scopes: ['r'] })
    .as('ASM')
    .reg();

describe(RULE, () => {
  test('passes when it is not requested, or is listed', () => {
    expectOnly(unoffered().az({ scope: 'r' }).as('AZ'), RULE, 'pass', { at: 'AZ', quoted: 'r' });
    expectOnly(discovered().az(RENEWED), RULE, 'pass');
  });

  test.each([
    ['2026-07-28', 'warning'],
    ['2025-11-25', 'note'],
    [null, 'note'],
  ] as const)('in revision %s it is a %s, a warning once the answer is invalid_scope', (revision, level) => {
    const request = { at: 'AZ', part: 'request.url', quoted: 'r+offline_access', party: 'client' } as const;
    expectOnly(unoffered({ revision }).az({ scope: R_OA }).as('AZ'), RULE, level, request);
    const refused = unoffered({ revision }).az({ scope: R_OA, error: 'invalid_scope' }).as('AZ');
    expectOnly(refused, RULE, 'warning', { ...request, says: 'invalid_scope' });
  });

  test('is a note about the authorization server when a refresh token comes all the same', () => {
    const log = unoffered().az({ scope: R_OA }).tk({ scope: R_OA, refresh: RT1 });
    expectOnly(log, RULE, 'note', { at: 'ASM', part: 'response.content', party: 'authorization-server' });
    expect(judged(log, RULE)[0]?.fix).toContain('List offline_access');
  });

  test('without scopes_supported it is open, a warning with invalid_scope, a pass with a refresh token', () => {
    const unlisted = () => traffic().challenge().prm().asm().reg();
    expectOnly(unlisted().az({ scope: R_OA }).as('AZ'), RULE, 'open', { at: 'AZ', missing: ['scopes-supported'] });
    expectOnly(unlisted().az({ scope: R_OA, error: 'invalid_scope' }).as('AZ'), RULE, 'warning', { at: 'AZ' });
    expectOnly(unlisted().az({ scope: R_OA }).tk({ scope: R_OA, refresh: RT1 }), RULE, 'pass');
  });

  test('is open when the metadata is not in the log', () => {
    const log = traffic().az({ scope: R_OA }).as('AZ').tk({ scope: 'r' }).call();
    expectOnly(log, RULE, 'open', { at: 'AZ', quoted: 'r+offline_access', missing: ['authorization-server-metadata'] });
  });

  test('does not apply when the server itself named it', () => {
    const challenged = traffic()
      .challenge({ scope: R_OA })
      .prm()
      .asm({ scopes: ['r'] })
      .reg()
      .az({ scope: R_OA });
    expectOnly(challenged, RULE, 'notApplicable');
    const published = traffic()
      .challenge()
      .prm({ scopes: ['r', 'offline_access'] })
      .asm({ scopes: ['r'] })
      .reg()
      .az({ scope: R_OA });
    expectOnly(published, RULE, 'notApplicable');
  });

  test('says nothing when the request was not recorded', () => {
    expect(judged(unoffered().tk({ scope: 'r' }).call(), RULE)).toEqual([]);
  });
});
