import { describe, expect, test } from 'vitest';
import type { Traffic, TrafficOptions } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { granted } from '../sessions.ts';

const RULE = 'scope-retry-limit';

/** So many step-ups, each in vain. */
function inVain(rounds: number, options: TrafficOptions = {}): Traffic {
  const log = granted('r', options);
  for (let round = 1; round <= rounds; round += 1)
    log.forbidden('w').az({ scope: 'r w' }).as(`AZ${round}`).tk({ scope: 'r' });
  return log.forbidden('w');
}

describe(RULE, () => {
  test('passes one step-up that helps, and two in vain', () => {
    const helped = granted('r').forbidden('w').az({ scope: 'r w' }).as('AZ').tk({ scope: 'r w' }).call('write');
    expectOnly(helped, RULE, 'pass', { at: 'AZ', quoted: 'r+w' });
    expectOnly(inVain(2), RULE, 'pass');
  });

  test.each(['2025-11-25', '2026-07-28'] as const)('is a warning in %s at the fourth authorization', (revision) => {
    const culprit = { at: 'AZ3', part: 'request.url', quoted: 'r+w', party: 'client' } as const;
    expectOnly(inVain(3, { revision }), RULE, 'warning', { ...culprit, says: 'refused each time' });
  });

  test('counts each set of scopes by itself', () => {
    const log = granted('r');
    for (const scope of ['w', 'x', 'y', 'z'])
      log
        .forbidden(scope)
        .az({ scope: `r ${scope}` })
        .tk({ scope: 'r' });
    expect(judged(log, RULE).map(({ kind }) => kind)).not.toContain('fail');
  });

  test('is open when a step-up in vain was not recorded', () => {
    const log = granted('r').forbidden('w').tk({ scope: null }).as('TK').forbidden('w');
    expectOnly(log, RULE, 'open', { missing: ['authorization-request'] });
  });

  test('says nothing without a step-up', () => {
    expect(judged(granted('r').forbidden('w'), RULE)).toEqual([]);
  });
});
