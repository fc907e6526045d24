import { describe, expect, test } from 'vitest';
import { expectDetails, expectOnly, judged, verdictOf } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'state-used';
const OWN = 'one-state-for-all-requests';

describe(RULE, () => {
  test('passes with a long state of its own', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'AZ', part: 'request.url' });
  });

  test.each(['2025-06-18', '2025-11-25', '2026-07-28', null] as const)(
    'is a warning without one when the revision is %s',
    (revision) => {
      expectOnly(signIn({ revision, az: { omit: ['state'] } }), RULE, 'warning', {
        at: 'AZ',
        part: 'request.url',
        quoted: null,
        party: 'client',
        says: 'no state',
      });
    },
  );

  test('is a note in 2025-03-26, and for a short one', () => {
    expectOnly(signIn({ revision: '2025-03-26', az: { omit: ['state'] } }), RULE, 'note', { says: '2025-06-18' });
    expectOnly(signIn({ az: { extra: { state: 'short' } } }), RULE, 'note', {
      quoted: 'short',
      says: 'fewer than 16 characters',
    });
  });

  test('is a warning when a second request has the same, under another code challenge', () => {
    const log = signIn({ az: { extra: { state: OWN } } })
      .wait(60_000)
      .az({ scope: 'r', extra: { state: OWN } })
      .as('again')
      .tk();
    const found = judged(log, RULE);
    expect(found.map(verdictOf)).toEqual(['pass', 'warning']);
    const second = found.at(-1);
    if (second) expectDetails(log, second, { at: 'again', quoted: OWN, says: 'same state' });
  });

  test('takes the request that the authorization server passes on for one', () => {
    const log = signIn();
    const passedOn = log.har().log.entries[log.entry('AZ')]?.request as { readonly url: string };
    expectOnly(log.raw('GET', passedOn.url, { status: 200 }, { _resourceType: 'document' }), RULE, 'pass');
  });

  test('is open when its value, the request, or its parameters were not recorded', () => {
    expectOnly(signIn({ az: { extra: { state: '[REDACTED]' } } }), RULE, 'open', { at: 'AZ', missing: ['state'] });
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
