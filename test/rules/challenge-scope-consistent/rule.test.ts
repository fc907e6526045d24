import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { granted } from '../sessions.ts';

const RULE = 'challenge-scope-consistent';

describe(RULE, () => {
  test('passes the same challenge twice, in any order of scopes', () => {
    expectOnly(granted('r').forbidden('w x').forbidden('x w'), RULE, 'pass');
  });

  test.each(['2025-06-18', '2025-11-25', '2026-07-28', null] as const)(
    'is a note in %s when they differ',
    (revision) => {
      const log = granted('r', { revision }).forbidden('w').forbidden('w x').as('SECOND');
      expectOnly(log, RULE, 'note', {
        at: 'SECOND',
        part: 'response.headers.www-authenticate',
        quoted: 'w x',
        party: 'server',
      });
    },
  );

  test('compares tokens by what they hold, where that is known', () => {
    const renewed = granted('r').forbidden('w').az({ scope: 'r w' }).tk({ scope: 'r' }).forbidden('x').as('SECOND');
    expectOnly(renewed, RULE, 'note', { at: 'SECOND' });
    const wider = granted('r').forbidden('w').az({ scope: 'r w' }).tk({ scope: 'r w' }).forbidden('x');
    expect(judged(wider, RULE)).toEqual([]);
    const foreign = granted('r')
      .forbidden('w', 'write', { token: 'foreign-token-one' })
      .forbidden('x', 'write', { token: 'foreign-token-two' });
    expect(judged(foreign, RULE)).toEqual([]);
  });

  test('is silent for other arguments and for one challenge', () => {
    const log = granted('r')
      .forbidden('w', 'write', { args: { path: 'a' } })
      .forbidden('x', 'write', { args: { path: 'b' } });
    expect(judged(log, RULE)).toEqual([]);
  });
});
