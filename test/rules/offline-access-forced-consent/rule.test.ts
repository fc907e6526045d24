import { describe, expect, test } from 'vitest';
import type { Traffic } from '../../traffic/traffic.ts';
import { expectDetails, expectOnly, judged, verdictOf } from '../judged.ts';
import { RENEWED, signedIn } from '../sessions.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'offline-access-forced-consent';
const CONSENT = { scope: 'r offline_access', prompt: 'consent' } as const;
const FIRST = { az: CONSENT, tk: { scope: 'r offline_access', refresh: 'refresh-token-one-0001' } } as const;

/** The second sign-in of a log, whose verdict is in question. */
function expectSecond(log: Traffic, verdict: string, says: string): void {
  const found = judged(log, RULE);
  expect(found.map(verdictOf)).toEqual(['pass', verdict]);
  const second = found.at(-1);
  if (second)
    expectDetails(log, second, {
      at: 'again',
      part: 'request.url',
      quoted: 'consent',
      party: 'client',
      says,
      ...(verdict === 'open' ? { missing: ['token-response'] } : {}),
    });
}

describe(RULE, () => {
  test('passes with the first sign-in', () => {
    expectOnly(signIn(FIRST), RULE, 'pass', { at: 'AZ', quoted: 'consent' });
  });

  test('is a note when the same was granted before and the refresh token is usable', () => {
    expectSecond(signIn(FIRST).wait(600_000).az(CONSENT).as('again').tk(), 'note', 'still usable');
  });

  test('passes with new scopes, and after the refresh token was refused', () => {
    expectSecond(
      signIn(FIRST)
        .forbidden('w')
        .az({ ...CONSENT, scope: 'r w offline_access' })
        .as('again')
        .tk(),
      'pass',
      'new scopes: w',
    );
    const dead = signIn(FIRST).wait(3_600_000).expired().rf({ status: 400, error: 'invalid_grant' });
    expectSecond(dead.az(CONSENT).as('again').tk(), 'pass', 'no usable refresh token');
  });

  test('passes a client that came back without its token', () => {
    const log = signedIn().wait(60_000).forget().challenge({ scope: 'r' }).az(RENEWED);
    expect(judged(log, RULE).map(verdictOf)).toEqual(['pass', 'pass']);
  });

  test('is a note when the answer says that an administrator has to agree', () => {
    const answer = { error: 'access_denied', error_description: 'AADSTS90094: admin consent is required', code: null };
    expectOnly(signIn({ az: { ...CONSENT, answer }, tk: null }), RULE, 'note', { at: 'AZ', says: 'AADSTS90094' });
  });

  test('says nothing without prompt=consent', () => {
    expect(judged(signIn(), RULE)).toEqual([]);
  });

  test('is open when the earlier answer was not recorded, or the request was not', () => {
    const log = signIn({ az: CONSENT, tk: null }).wait(600_000).az(CONSENT).as('again').tk();
    expectSecond(log, 'open', 'not in the log');
    const unread = signIn(FIRST).wait(600_000).rf().withoutRequestBody().az(CONSENT).as('again').tk();
    expectSecond(unread, 'open', 'not in the log');
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
