import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, granted } from '../sessions.ts';

const RULE = 'insufficient-scope-status-403';
const challenge = 'Bearer error="insufficient_scope", scope="w"';

describe(RULE, () => {
  test('passes a 403', () => {
    expectOnly(granted('r').forbidden('w'), RULE, 'pass', { quoted: 'insufficient_scope' });
  });

  test.each(EVERY_REVISION)('is an error in %s with 401', (revision) => {
    const log = granted('r', { revision }).call('write', { status: 401, challenge }).as('REFUSED');
    expectOnly(log, RULE, 'error', { at: 'REFUSED', part: 'response.status', party: 'server', says: '401' });
  });

  test('is an error with 400, named in the challenge or in the body', () => {
    expectOnly(granted('r').call('write', { status: 400, challenge }), RULE, 'error', { says: '400' });
    const log = granted('r').call('write', { status: 400, body: '{"error": "insufficient_scope"}' }).as('REFUSED');
    expectOnly(log, RULE, 'error', { at: 'REFUSED' });
    expect(judged(log, RULE)[0]?.evidence[1]).toMatchObject({ part: 'response.content', range: [11, 29] });
  });

  test('is open when the headers of a 401 were not recorded', () => {
    const log = granted('r').call('write', { status: 401 }).withoutResponseHeaders();
    expectOnly(log, RULE, 'open', { missing: ['response-headers'] });
  });

  test('leaves a 401 without a token alone, and a result that quotes another service', () => {
    expect(judged(traffic().call('write', { status: 401, challenge, token: null }), RULE)).toEqual([]);
    expect(judged(granted('r').call('write', { body: '{"error":"insufficient_scope"}' }), RULE)).toEqual([]);
  });
});
