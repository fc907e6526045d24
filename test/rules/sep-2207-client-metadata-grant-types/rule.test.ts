import { describe, expect, test } from 'vitest';
import { type TrafficOptions, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, HOUR, R_OA, RENEWED, RT1 } from '../sessions.ts';

const RULE = 'sep-2207-client-metadata-grant-types';
const ONLY_CODE = { grants: ['authorization_code'] } as const;
const offered = (options: TrafficOptions = {}) =>
  traffic(options)
    .challenge({ scope: 'r' })
    .prm()
    .asm({ scopes: ['r', 'offline_access'] });

describe(RULE, () => {
  test('passes when the grant is declared, also where the answer takes it away', () => {
    expectOnly(offered().reg().as('REG').az(RENEWED), RULE, 'pass', {
      at: 'REG',
      part: 'request.postData',
      quoted: '"grant_types"',
    });
    expectOnly(
      offered()
        .reg({ granted: ['authorization_code'] })
        .az(RENEWED),
      RULE,
      'pass',
    );
  });

  test.each([
    ['2026-07-28', 'warning'],
    ['2025-11-25', 'note'],
    [null, 'note'],
  ] as const)('in revision %s it is a %s to ask for refresh tokens without it', (revision, level) => {
    const log = offered({ revision }).reg(ONLY_CODE).as('REG').az(RENEWED).tk({ scope: R_OA, refresh: RT1 }).call();
    const metadata = { at: 'REG', part: 'request.postData', quoted: '"grant_types"', party: 'client' } as const;
    expectOnly(log, RULE, level, metadata);
  });

  test('is a warning before 2026-07-28 once the user signs in again (law 1)', () => {
    const log = offered({ revision: '2025-11-25' }).reg(ONLY_CODE).as('REG').az(RENEWED).tk({ scope: R_OA }).call();
    expectOnly(log.wait(HOUR).expired().az(RENEWED), RULE, 'warning', { at: 'REG' });
  });

  test('takes an omitted member for authorization_code alone (RFC 7591), and a refresh for the wish', () => {
    expectOnly(offered().reg({ grants: null }).as('REG').az(RENEWED), RULE, 'warning', { at: 'REG', quoted: null });
    const log = offered()
      .reg(ONLY_CODE)
      .as('REG')
      .az({ scope: 'r' })
      .tk({ scope: 'r', refresh: RT1 })
      .call()
      .wait(HOUR)
      .rf();
    expectOnly(log, RULE, 'warning', { at: 'REG' });
  });

  test('is open when the registration is not in the log', () => {
    expectOnly(offered().az(RENEWED).as('AZ'), RULE, 'open', {
      at: 'AZ',
      quoted: 'r+offline_access',
      missing: ['client-registration'],
    });
  });

  test('does not apply to a client that wants none; its harm is told (law 3)', () => {
    const log = offered().reg(ONLY_CODE).as('REG').az({ scope: 'r' }).tk({ scope: 'r' }).call();
    expectOnly(log, RULE, 'notApplicable', { at: 'REG' });
    const found = judged(log.wait(HOUR).expired().az({ scope: 'r' }), RULE).map(verdictOf);
    expect(found.toSorted()).toEqual(['informational', 'notApplicable']);
  });

  test('a registration is one occasion, however many authorizations follow', () => {
    const log = discovered().az(RENEWED).tk({ scope: R_OA, refresh: RT1 }).call().wait(HOUR).expired().az(RENEWED);
    expectOnly(log, RULE, 'pass');
  });
});
