import { describe, expect, test } from 'vitest';
import type { Traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { authorize, discovered, register, WEB } from '../registrations.ts';

const RULE = 'dcr-rejection-handled';
const REFUSED = { status: 400, answer: { error: 'invalid_redirect_uri' } } as const;
const refused = (log: Traffic = discovered()) => register(log, REFUSED);

describe(RULE, () => {
  test('passes one adjusted retry, and a client that stops', () => {
    const adjusted = register(refused(), { request: { ...WEB, application_type: 'native' } });
    expectOnly(authorize(adjusted), RULE, 'pass', { says: 'adjusted' });
    expectOnly(refused().wait(20_000).call('tools/list', { token: null, status: 401 }), RULE, 'pass', {
      says: 'stopped',
    });
  });

  test.each(['', 'undefined'])('is an error to ask for authorization with client_id "%s"', (clientId) => {
    const log = authorize(refused().as('REG'), { clientId, answer: 400 }).as('AZ');
    expectOnly(log, RULE, 'error', { at: 'AZ', part: 'request.url', party: 'client', says: 'without a client_id' });
    expect(judged(log, RULE)[0]?.evidence[1]).toMatchObject({
      entry: log.entry('REG'),
      note: '400 invalid_redirect_uri',
    });
  });

  test('is an error to send the same request three times', () => {
    const log = refused(refused(refused()).wait(500)).as('THIRD');
    expectOnly(log, RULE, 'error', { at: 'THIRD', part: 'request.postData', says: '3 times' });
    expectOnly(refused(refused()).wait(20_000).call('tools/list', { token: null, status: 401 }), RULE, 'pass');
    const slow = refused(refused(refused().wait(8000)).wait(8000))
      .wait(20_000)
      .call('tools/list', { token: null, status: 401 });
    expectOnly(slow, RULE, 'pass');
  });

  test('is a note before 2026-07-28, a warning where it ended on an error page (law 1)', () => {
    const log = authorize(refused(discovered({}, { revision: '2025-11-25' })), { clientId: '', answer: 400 });
    expectOnly(log, RULE, 'warning', { says: 'from 2026-07-28' });
    const unanswered = authorize(refused(discovered({}, { revision: '2025-11-25' })), { clientId: '', answer: 'none' });
    expectOnly(unanswered, RULE, 'note', { says: 'from 2026-07-28' });
  });

  test('is open where the log ends, and where the reason is not in it', () => {
    expectOnly(refused(), RULE, 'open', { missing: ['later-traffic'] });
    expectOnly(register(discovered(), { status: 400, answer: null }), RULE, 'open', {
      missing: ['registration-response'],
    });
  });

  test('does not apply to other refusals', () => {
    expectOnly(register(discovered(), { status: 429, answer: { error: 'slow_down' } }), RULE, 'notApplicable');
    expect(judged(register(discovered()), RULE)).toEqual([]);
  });
});
