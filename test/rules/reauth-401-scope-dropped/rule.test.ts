import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { granted, HOUR, renewed } from '../sessions.ts';

const RULE = 'reauth-401-scope-dropped';

describe(RULE, () => {
  test('passes when everything granted before is asked for again', () => {
    expectOnly(renewed(granted('r w').wait(HOUR).expired(), 'r w'), RULE, 'pass', { at: 'AZ', quoted: 'r+w' });
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)('is a note when the revision is %s', (revision) => {
    const log = renewed(granted('r w', { revision }).wait(HOUR).expired(), 'r');
    expectOnly(log, RULE, 'note', {
      at: 'AZ',
      part: 'request.url',
      quoted: 'r',
      party: 'client',
      says: 'w, granted before',
    });
  });

  test('is a warning once a later call is refused for want of the scope (law 1)', () => {
    const log = renewed(granted('r w').wait(HOUR).expired(), 'r').forbidden('w').as('missed');
    expectOnly(log, RULE, 'warning', { at: 'AZ', says: 'refused for want of w' });
    expect(judged(log, RULE)[0]?.evidence.at(-1)?.entry).toBe(log.entry('missed'));
  });

  test('passes a request for less than the user denied to renew', () => {
    const expired = () => granted('r w').wait(HOUR).expired();
    const denied = renewed(expired().az({ scope: 'r w', error: 'access_denied' }), 'r');
    expect(judged(denied.forbidden('w'), RULE).map(verdictOf)).toEqual(['pass', 'pass']);
    const failed = renewed(expired().az({ scope: 'r w', error: 'server_error' }), 'r');
    expect(judged(failed, RULE).map(verdictOf)).toEqual(['pass', 'note']);
  });

  test('is open when it is not in the log whether the user had granted it', () => {
    const lost = traffic()
      .challenge({ scope: 'r' })
      .prm()
      .asm({ scopes: ['r', 'w'] })
      .reg()
      .az({ scope: 'r w' });
    const log = renewed(lost.tk({ scope: 'r' }).withoutBody().call('tools/list').wait(HOUR).expired(), 'r');
    expectOnly(log.forbidden('w'), RULE, 'open', { at: 'AZ', missing: ['token-response'] });
  });

  test('is open when what was asked for is not in the log', () => {
    const token = 'opaque-token-from-before';
    const late = renewed(traffic().call('tools/list', { token }).expired('search', { token }), 'r');
    expectOnly(late, RULE, 'open', { at: 'AZ', missing: ['earlier-authorization'] });
    const popup = granted('r w').wait(HOUR).expired().tk({ scope: 'r' });
    expectOnly(popup, RULE, 'open', { missing: ['authorization-request'] });
  });

  test('says nothing before 2025-11-25, nor after a 403', () => {
    expect(judged(renewed(granted('r w', { revision: '2025-06-18' }).wait(HOUR).expired(), 'r'), RULE)).toEqual([]);
    expect(judged(renewed(granted('r w').forbidden('x'), 'x'), RULE)).toEqual([]);
  });
});
