import { describe, expect, test } from 'vitest';
import { type TrafficOptions, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, HOUR, R_OA, RENEWED, RT1 } from '../sessions.ts';

const RULE = 'offline-access-prompt-consent';
const OPENID = { scopes: ['openid', 'r', 'offline_access'], openid: true } as const;
const provider = (options: TrafficOptions = {}) => traffic(options).challenge({ scope: 'r' }).prm().asm(OPENID);

describe(RULE, () => {
  test('passes with prompt=consent, or when a refresh token comes without', () => {
    expectOnly(provider().reg().az(RENEWED).as('AZ').tk({ scope: 'r' }), RULE, 'pass', {
      at: 'AZ',
      quoted: 'r+offline_access',
    });
    expectOnly(provider().reg().az({ scope: R_OA }).tk({ scope: R_OA, refresh: RT1 }), RULE, 'pass');
  });

  test.each([
    ['2026-07-28', 'warning'],
    ['2025-11-25', 'note'],
    [null, 'note'],
  ] as const)('in revision %s it is a %s, a warning once the user signs in again', (revision, level) => {
    const log = provider({ revision }).reg().az({ scope: R_OA }).as('AZ').tk({ scope: 'r' }).call();
    const request = { at: 'AZ', part: 'request.url', quoted: 'r+offline_access', party: 'client' } as const;
    expectOnly(log, RULE, level, request);
    const [first] = judged(log.wait(HOUR).expired().az(RENEWED), RULE);
    expect(first).toMatchObject({ level: 'warning', evidence: [{ entry: log.entry('AZ') }, {}] });
  });

  test('takes the scope openid for an OpenID provider as well', () => {
    const log = discovered()
      .az({ scope: `openid ${R_OA}` })
      .as('AZ')
      .tk({ scope: 'r' });
    expectOnly(log, RULE, 'warning', { at: 'AZ', quoted: 'openid+r+offline_access' });
  });

  test('is open when the token response is not in the log', () => {
    expectOnly(provider().reg().az({ scope: R_OA }).as('AZ'), RULE, 'open', { at: 'AZ', missing: ['token-response'] });
  });

  test('does not apply without OpenID, nor to a client without the grant', () => {
    expectOnly(discovered().az({ scope: R_OA }).tk({ scope: 'r' }), RULE, 'notApplicable', { says: 'OpenID provider' });
    const undeclared = provider()
      .reg({ grants: ['authorization_code'] })
      .az({ scope: R_OA })
      .tk({ scope: 'r' });
    expectOnly(undeclared, RULE, 'notApplicable', { says: 'refresh_token grant' });
  });

  test('says nothing when offline_access was not requested', () => {
    expect(judged(provider().reg().az({ scope: 'r' }).tk({ scope: 'r' }), RULE)).toEqual([]);
  });
});
