import { describe, test } from 'vitest';
import { type TrafficOptions, traffic } from '../../traffic/traffic.ts';
import { expectOnly } from '../judged.ts';
import { discovered, HOUR, R_OA, RENEWED, RT1, signedIn } from '../sessions.ts';

const RULE = 'sep-2207-no-assume-refresh-token';
const without = (options: TrafficOptions = {}) => discovered(options).az(RENEWED).tk({ scope: 'r' }).as('TK').call();
const REFUSED = { error: 'invalid_grant' } as const;

describe(RULE, () => {
  test('passes when none was issued and none is used', () => {
    expectOnly(without(), RULE, 'pass', { at: 'TK', part: 'response.content' });
  });

  test.each([
    ['2026-07-28', 'error'],
    ['2025-11-25', 'note'],
    [null, 'note'],
  ] as const)('in revision %s it is a %s to send one that was never issued', (revision, level) => {
    for (const send of ['undefined', 'null']) {
      const log = without({ revision })
        .wait(HOUR)
        .rf({ ...REFUSED, send })
        .as('RF');
      expectOnly(log, RULE, level, { at: 'RF', part: 'request.postData', quoted: send, party: 'client' });
    }
  });

  test('counts an empty one, which has no characters to show', () => {
    expectOnly(
      without()
        .wait(HOUR)
        .rf({ ...REFUSED, send: '' })
        .as('RF'),
      RULE,
      'error',
      { at: 'RF', quoted: null, says: 'empty' },
    );
  });

  test('is open when the token response is not in the log', () => {
    const token = 'access-token-from-before';
    const log = traffic()
      .call('tools/list', { token })
      .rf({ ...REFUSED, send: 'undefined' })
      .as('RF');
    expectOnly(log, RULE, 'open', { at: 'RF', missing: ['token-response'] });
  });

  test('does not apply when one was issued', () => {
    expectOnly(signedIn(), RULE, 'notApplicable');
    expectOnly(
      discovered().az(RENEWED).tk({ scope: R_OA, refresh: RT1 }).call().wait(HOUR).rf(),
      RULE,
      'notApplicable',
    );
  });
});
