import { describe, expect, test } from 'vitest';
import { jwt } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, HOUR, R_OA, RT1, signedIn } from '../sessions.ts';

const RULE = 'expired-token-sent';

describe(RULE, () => {
  test('passes a token within its lifetime, and a minute beyond', () => {
    expectOnly(signedIn().call(), RULE, 'pass');
    expectOnly(
      signedIn()
        .wait(HOUR + 30_000)
        .call(),
      RULE,
      'pass',
    );
  });

  test('is a note later on, once for a token', () => {
    const log = signedIn()
      .wait(2 * HOUR)
      .expired()
      .as('M')
      .expired('list');
    expectOnly(log, RULE, 'note', { at: 'M', part: 'timings', party: 'client', says: 'the server refused it' });
  });

  test('passes a client that renews in time', () => {
    expectOnly(
      signedIn()
        .wait(2 * HOUR)
        .rf()
        .call(),
      RULE,
      'pass',
    );
  });

  test("goes by the token's own exp where the answer has no expires_in", () => {
    const exp = Date.parse('2026-11-02T09:10:00.000Z') / 1000;
    const begun = () =>
      discovered()
        .az()
        .tk({ token: jwt({ exp }), expiresIn: null, refresh: RT1 });
    expectOnly(
      begun()
        .wait(13 * 60_000)
        .call(),
      RULE,
      'pass',
    );
    expectOnly(
      begun()
        .wait(16 * 60_000)
        .call()
        .as('M'),
      RULE,
      'note',
      { at: 'M' },
    );
    const date = (text: string) =>
      begun()
        .wait(13 * 60_000)
        .call('search', { headers: { date: text } });
    expectOnly(date('Mon, 02 Nov 2026 09:12:00 GMT'), RULE, 'note');
    expectOnly(date('Mon, 02 Nov 2026 09:10:30 GMT'), RULE, 'pass');
  });

  test('does not apply without a refresh token', () => {
    const log = discovered()
      .az()
      .tk()
      .call()
      .wait(2 * HOUR)
      .expired();
    expectOnly(log, RULE, 'notApplicable');
  });

  test('is open without a lifetime', () => {
    const log = discovered()
      .az()
      .tk({ expiresIn: null, refresh: RT1 })
      .as('TK')
      .call()
      .wait(2 * HOUR)
      .expired();
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['token-lifetime'] });
  });

  test('says nothing of a token whose issue was not recorded', () => {
    const log = discovered().call('search', { token: jwt({ exp: 1 }) });
    expect(judged(log, RULE).map(verdictOf)).toEqual([]);
  });

  test('tells each token that was sent too late', () => {
    const log = signedIn()
      .wait(2 * HOUR)
      .expired()
      .rf({ scope: R_OA, refresh: 'refresh-token-two-0002' })
      .call();
    log.wait(2 * HOUR).expired();
    expect(judged(log, RULE).filter(({ kind }) => kind === 'fail')).toHaveLength(2);
  });
});
