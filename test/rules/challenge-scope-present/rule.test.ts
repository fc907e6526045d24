import { describe, expect, test } from 'vitest';
import { type Traffic, type TrafficOptions, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';

const RULE = 'challenge-scope-present';
const silent = (options: TrafficOptions = {}): Traffic => traffic(options).challenge().as('REFUSED');
const culprit = { at: 'REFUSED', part: 'response.headers.www-authenticate', party: 'server' } as const;

describe(RULE, () => {
  test('passes a challenge with scope', () => {
    expectOnly(traffic().challenge({ scope: 'r' }).prm(), RULE, 'pass', { quoted: 'r' });
  });

  test.each([
    ['2025-06-18', 'note'],
    ['2025-11-25', 'warning'],
    ['2026-07-28', 'warning'],
    [null, 'warning'],
  ] as const)('in %s is a %s where the metadata lists scopes', (revision, level) => {
    expectOnly(silent({ revision }).prm({ scopes: ['r', 'w'] }), RULE, level, { ...culprit, says: 'r, w' });
  });

  test('finds the use of scopes in another challenge and in a token response', () => {
    const other = silent().prm().az().tk({ scope: 'openid r' }).call('search');
    expectOnly(other, RULE, 'warning', { ...culprit, says: 'uses r' });
    const later = silent().prm().az().tk({ scope: null }).forbidden('w');
    expectOnly(later, RULE, 'warning', { ...culprit, says: 'uses w' });
  });

  test('is open when nothing is known of its scopes', () => {
    expectOnly(silent().asm(), RULE, 'open', { ...culprit, missing: ['protected-resource-metadata'] });
  });

  test('does not apply to a server without scopes, nor to a rejected token', () => {
    expectOnly(silent().prm().az().tk({ scope: 'openid offline_access' }).call('search'), RULE, 'notApplicable');
    expect(
      judged(
        traffic()
          .prm({ scopes: ['r'] })
          .az()
          .tk()
          .expired(),
        RULE,
      ),
    ).toEqual([]);
  });
});
