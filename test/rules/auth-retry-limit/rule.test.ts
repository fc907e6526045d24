import { describe, expect, test } from 'vitest';
import type { Traffic, TrafficOptions } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { HOUR, signedIn } from '../sessions.ts';

const RULE = 'auth-retry-limit';

/** So many refusals, one after the other, of the same token. */
function loop(rounds: number, options: TrafficOptions = {}): Traffic {
  const log = signedIn(options);
  for (let round = 1; round <= rounds; round += 1) log.expired().as(`R${round}`);
  return log;
}

describe(RULE, () => {
  test('passes a call that is repeated once, and one that is given up', () => {
    expectOnly(signedIn().expired().rf().call('search'), RULE, 'pass');
    expectOnly(loop(2).wait(HOUR).call('write'), RULE, 'pass');
  });

  test.each([
    ['2025-06-18', 'note'],
    ['2025-11-25', 'warning'],
    ['2026-07-28', 'warning'],
    [null, 'warning'],
  ] as const)('in %s is a %s at the third refusal', (revision, level) => {
    expectOnly(loop(3, { revision }), RULE, level, {
      at: 'R3',
      part: 'response.headers.www-authenticate',
      quoted: 'invalid_token',
      party: 'client',
      says: '3 times',
    });
  });

  test('counts calls without a token only after a new one came', () => {
    const probes = signedIn().forget().challenge().challenge().challenge().challenge();
    expect(judged(probes, RULE)).toEqual([]);
    const lost = signedIn()
      .expired('tools/list')
      .rf()
      .call('tools/list', { token: null, status: 401 })
      .rf()
      .call('tools/list', { token: null, status: 401 });
    expectOnly(lost, RULE, 'warning');
  });

  test('counts on after one refresh, and leaves a refresh each time to the rules on refreshing', () => {
    expectOnly(signedIn().expired().rf().expired().expired().as('R3'), RULE, 'warning', { at: 'R3' });
    expect(judged(signedIn().expired().rf().expired().rf().expired(), RULE)).toEqual([]);
    const dead = signedIn().expired().rf({ status: 400, error: 'invalid_grant' }).expired().expired();
    expect(judged(dead, RULE)).toEqual([]);
  });

  test('begins anew after a sign-in, and where the model was told', () => {
    const signIns = signedIn().expired().az().tk().expired().az().tk().expired();
    expect(judged(signIns, RULE).map(({ kind }) => kind)).not.toContain('fail');
    const popups = signedIn().expired().tk().expired().tk().expired();
    expect(judged(popups, RULE).map(({ kind }) => kind)).not.toContain('fail');
    const told = signedIn();
    for (const id of ['call_1', 'call_2', 'call_3']) told.ask('search', id).expired().tell(id, '401 invalid_token');
    expect(judged(told, RULE).map(({ kind }) => kind)).not.toContain('fail');
  });

  test('begins anew with a token that nothing in the log issued: the user may have signed in', () => {
    const log = signedIn();
    for (const token of ['first', 'second', 'third']) log.expired('search', { token: `${token}-token-0123456789` });
    expect(judged(log, RULE).filter(({ kind }) => kind === 'fail')).toEqual([]);
  });

  test('begins anew after a success', () => {
    const log = signedIn();
    for (let round = 0; round < 4; round += 1) log.expired().call('search');
    expect(judged(log, RULE).map(({ kind }) => kind)).toEqual(['pass', 'pass', 'pass', 'pass']);
  });

  test('leaves parallel calls, streams and slow repetition alone', () => {
    const parallel = signedIn().expired('search', { duration: 500 });
    for (let n = 0; n < 3; n += 1) parallel.expired('search', { after: -490, duration: 500 });
    expect(judged(parallel, RULE).map(({ kind }) => kind)).not.toContain('fail');
    const stream = signedIn().expired('GET').expired('GET').expired('GET').expired('GET');
    expect(judged(stream, RULE)).toEqual([]);
    const slow = signedIn().expired().wait(40_000).expired().wait(40_000).expired().wait(HOUR).call('write');
    expectOnly(slow, RULE, 'pass');
  });

  test('is open when the log ends after the second refusal', () => {
    expectOnly(loop(2), RULE, 'open', { at: 'R1', missing: ['later-traffic'] });
  });
});
