import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, granted } from '../sessions.ts';

const RULE = 'blind-403-retry';

describe(RULE, () => {
  test('passes a repetition with another token', () => {
    expectOnly(granted('r').forbidden('w').az({ scope: 'r w' }).tk({ scope: 'r' }).forbidden('w'), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is a note in %s with the same token', (revision) => {
    const log = granted('r', { revision }).forbidden('w').forbidden('w').as('AGAIN');
    expectOnly(log, RULE, 'note', {
      at: 'AGAIN',
      part: 'response.headers.www-authenticate',
      quoted: 'insufficient_scope',
      party: 'client',
    });
  });

  test('is silent after a while, for another call, and for parallel calls', () => {
    expect(judged(granted('r').forbidden('w').wait(10_000).forbidden('w'), RULE)).toEqual([]);
    expect(judged(granted('r').forbidden('w').forbidden('w', 'delete'), RULE)).toEqual([]);
    const parallel = granted('r').forbidden('w', 'write', { duration: 500 }).forbidden('w', 'write', { after: -490 });
    expect(judged(parallel, RULE)).toEqual([]);
  });

  test('is silent when the model was told in between, or a refresh was tried', () => {
    const told = granted('r')
      .ask('write', 'call_1')
      .forbidden('w')
      .tell('call_1', '403 insufficient_scope', 'write')
      .forbidden('w');
    expect(judged(told, RULE)).toEqual([]);
    const refreshed = granted('r')
      .forbidden('w')
      .rf({ send: 'refresh-token-0123456789', status: 400, error: 'invalid_grant' })
      .forbidden('w');
    expect(judged(refreshed, RULE).map(({ kind }) => kind)).not.toContain('fail');
  });

  test('is open when the headers were not recorded', () => {
    const log = granted('r').forbidden('w').forbidden('w').withoutResponseHeaders().as('AGAIN');
    expectOnly(log, RULE, 'open', { at: 'AGAIN', missing: ['response-headers'] });
  });
});
