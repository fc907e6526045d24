import { describe, expect, test } from 'vitest';
import type { Traffic, TrafficOptions } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { granted } from '../sessions.ts';

const RULE = 'step-up-retry-original';
const POPUP = 'popup';

/** A step-up for `write` whose sign-in runs in a window of its own. */
function steppedUp(options: TrafficOptions = {}, page: string | null = POPUP): Traffic {
  return granted('r', options)
    .onPage('main')
    .forbidden('w')
    .as('REFUSED')
    .onPage(page)
    .az({ scope: 'r w' })
    .as('AZ')
    .onPage('main')
    .tk({ scope: 'r w' });
}

const goesOn = (log: Traffic): Traffic => log.wait(30_000).call('tools/list').wait(90_000).call('search');

describe(RULE, () => {
  test('passes when the call is sent again, whatever its answer', () => {
    expectOnly(steppedUp().call('write'), RULE, 'pass', { at: 'REFUSED', quoted: 'w' });
    expectOnly(steppedUp().call('tools/list').call('write', { status: 500 }), RULE, 'pass');
  });

  test.each([
    ['2025-06-18', 'note'],
    ['2025-11-25', 'warning'],
    ['2026-07-28', 'warning'],
    [null, 'warning'],
  ] as const)('in %s is a %s when it is not', (revision, level) => {
    expectOnly(goesOn(steppedUp({ revision })), RULE, level, {
      at: 'REFUSED',
      part: 'response.headers.www-authenticate',
      quoted: 'w',
      party: 'client',
      says: 'write',
    });
  });

  test('is open when the sign-in took the place of the page', () => {
    expectOnly(goesOn(steppedUp({}, 'main')), RULE, 'open', { missing: ['client-state'] });
    expectOnly(goesOn(steppedUp({}, null)), RULE, 'open', { missing: ['client-state'] });
  });

  test('is open where each navigation is a page of its own, as Chrome exports it', () => {
    const log = granted('r').onPage('page_1').forbidden('w').onPage('page_2').az({ scope: 'r w' });
    expectOnly(goesOn(log.onPage('page_3').tk({ scope: 'r w' })), RULE, 'open', { missing: ['client-state'] });
  });

  test('is open when the log ends soon, or the sign-in was not recorded', () => {
    expectOnly(steppedUp(), RULE, 'open', { at: 'REFUSED', missing: ['later-traffic'] });
    expectOnly(steppedUp().wait(90_000).ask('search', 'call_1'), RULE, 'open', { missing: ['later-traffic'] });
    const unseen = granted('r').forbidden('w').tk({ scope: 'r w' });
    expectOnly(goesOn(unseen), RULE, 'open', { missing: ['authorization-request'] });
  });

  test('is silent when the scope was not granted', () => {
    const log = granted('r').forbidden('w').az({ scope: 'r w' }).tk({ scope: 'r' });
    expect(judged(goesOn(log), RULE)).toEqual([]);
  });
});
