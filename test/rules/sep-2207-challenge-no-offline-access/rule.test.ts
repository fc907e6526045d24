import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { R_OA } from '../sessions.ts';

const RULE = 'sep-2207-challenge-no-offline-access';

describe(RULE, () => {
  test('passes a challenge that names scopes of the resource only', () => {
    const log = traffic().challenge({ scope: 'r w' }).as('401');
    expectOnly(log, RULE, 'pass', { at: '401', part: 'response.headers.www-authenticate', quoted: 'r w' });
  });

  test.each([
    ['2026-07-28', 'warning'],
    ['2025-11-25', 'note'],
    [null, 'note'],
  ] as const)('in revision %s it is a %s to name offline_access', (revision, level) => {
    const log = traffic({ revision }).challenge({ scope: R_OA }).as('401');
    const header = { at: '401', part: 'response.headers.www-authenticate', quoted: R_OA, party: 'server' } as const;
    expectOnly(log, RULE, level, header);
  });

  test('judges a 403 as well, and the same challenge once', () => {
    const token = 'access-token-from-before';
    const log = traffic().forbidden(R_OA, 'write', { token }).as('403').forbidden(R_OA, 'erase', { token });
    expectOnly(log, RULE, 'warning', { at: '403', quoted: R_OA });
    expect(judged(log, RULE)[0]?.evidence).toHaveLength(2);
  });

  test('is open when the refusal was recorded without its headers', () => {
    const log = traffic().call('tools/list', { status: 401, token: null }).as('401').withoutResponseHeaders();
    expectOnly(log, RULE, 'open', { at: '401', part: 'response.status', missing: ['response-headers'] });
  });

  test('says nothing of a challenge without scopes', () => {
    expect(judged(traffic().challenge(), RULE)).toEqual([]);
  });
});
