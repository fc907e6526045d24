import { describe, expect, test } from 'vitest';
import type { TrafficOptions } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { granted } from '../sessions.ts';

const RULE = 'insufficient-scope-single-challenge';

/** Two step-ups for one call: `w` is granted, then `x` is asked for too. */
function inTurns(options: TrafficOptions = {}, held = 'r w') {
  return granted('r', options)
    .forbidden('w')
    .as('FIRST')
    .az({ scope: 'r w' })
    .tk({ scope: held })
    .forbidden('x')
    .as('SECOND');
}

describe(RULE, () => {
  test.each([
    ['2025-11-25', 'note'],
    ['2026-07-28', 'warning'],
    [null, 'note'],
  ] as const)('in %s is a %s when the second challenge names another scope', (revision, level) => {
    expectOnly(inTurns({ revision }), RULE, level, {
      at: 'SECOND',
      part: 'response.headers.www-authenticate',
      quoted: 'x',
      party: 'server',
      says: 'asked for w',
    });
  });

  test('passes a second challenge for the same scopes', () => {
    expectOnly(granted('r').forbidden('w').az({ scope: 'r w' }).tk({ scope: 'r' }).forbidden('w'), RULE, 'pass');
  });

  test('is silent when the client lost the scope, or never got the first', () => {
    const lost = granted('r').forbidden('w').az({ scope: 'w' }).tk({ scope: 'w' }).forbidden('r');
    expect(judged(lost, RULE)).toEqual([]);
    expect(judged(inTurns({}, 'r'), RULE)).toEqual([]);
  });

  test('is silent for another call, and while the token is the same', () => {
    const other = granted('r').forbidden('w').az({ scope: 'r w' }).tk({ scope: 'r w' }).forbidden('x', 'admin');
    expect(judged(other, RULE)).toEqual([]);
    expect(judged(granted('r').forbidden('w').forbidden('x'), RULE)).toEqual([]);
  });

  test('is open when nobody knows what the token held', () => {
    const log = granted('r').forbidden('w').forbidden('x', 'write', { token: 'foreign-token-0123456789' }).as('SECOND');
    expectOnly(log, RULE, 'open', { at: 'SECOND', missing: ['token-response'] });
  });
});
