import { describe, expect, test } from 'vitest';
import { jwt, type TokenOptions, type Traffic, type TrafficOptions } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, granted, HOUR } from '../sessions.ts';

const RULE = 'expired-token-rejected-401';
const BEGAN = Date.parse('2026-11-02T09:00:00.000Z') / 1000;

/** Signed in with a token that lives for half an hour. */
function began(options: TrafficOptions = {}, claims: object = {}): Traffic {
  const token = jwt({ iss: 'https://as.example.com', exp: BEGAN + 1800, ...claims });
  return granted('r', options).az({ scope: 'r' }).tk({ token, scope: 'r', expiresIn: 1800 }).call('search');
}

describe(RULE, () => {
  test('passes an expired token that is refused', () => {
    expectOnly(began().wait(HOUR).expired(), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is an error in %s when it is accepted', (revision) => {
    const log = began({ revision }).wait(HOUR).call('search').as('ACCEPTED');
    expectOnly(log, RULE, 'error', { at: 'ACCEPTED', part: 'response.status', party: 'server', says: 'search' });
  });

  test('believes the clock of the server', () => {
    const early = { headers: { date: new Date((BEGAN + 1700) * 1000).toUTCString() } };
    expect(judged(began().wait(HOUR).call('search', early), RULE)).toEqual([]);
    const late = { headers: { date: new Date((BEGAN + 3700) * 1000).toUTCString() } };
    expectOnly(began().wait(HOUR).call('search', late), RULE, 'error');
  });

  test('does not take the clock of the machine for that of the issuer, where the log shows how long the token lives', () => {
    const minutes = (count: number) => BEGAN + count * 60;
    const behind = (tk: TokenOptions, claims: object) =>
      granted('r')
        .az({ scope: 'r' })
        .tk({ scope: 'r', token: jwt({ iss: 'https://as.example.com', exp: minutes(20), ...claims }), ...tk })
        .call('search')
        .wait(28 * 60_000)
        .call('search');
    expect(judged(behind({ expiresIn: 1800 }, {}), RULE)).toEqual([]);
    expect(judged(behind({ expiresIn: null }, { iat: minutes(-10) }), RULE)).toEqual([]);
    expectOnly(behind({ expiresIn: null }, {}), RULE, 'error');
    expectOnly(behind({ expiresIn: null }, { iat: minutes(0) }), RULE, 'error');
    const date = { headers: { date: new Date(minutes(30) * 1000).toUTCString() } };
    expectOnly(behind({ expiresIn: 1800 }, {}).call('search', date), RULE, 'error');
  });

  test('allows five minutes', () => {
    expect(
      judged(
        began()
          .wait(1_800_000 + 280_000)
          .call('search'),
        RULE,
      ),
    ).toEqual([]);
  });

  test('is open for an opaque token', () => {
    const opaque = granted('r')
      .wait(2 * HOUR)
      .call('search')
      .as('ACCEPTED');
    expectOnly(opaque, RULE, 'open', { at: 'ACCEPTED', missing: ['token-lifetime'] });
  });

  test('is open when the answer was not recorded', () => {
    const log = began().wait(HOUR).call('search').withoutBody().as('ACCEPTED');
    expectOnly(log, RULE, 'open', { at: 'ACCEPTED', missing: ['response-body'] });
  });

  test('leaves a failure inside the result to auth-error-hidden-in-200', () => {
    const body = '{"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"type":"text","text":"jwt expired"}]}}';
    expect(judged(began().wait(HOUR).call('search', { body }), RULE)).toEqual([]);
  });

  test('leaves what is open to everyone alone, and tokens of another issuer', () => {
    expect(judged(began().wait(HOUR).call('tools/list'), RULE)).toEqual([]);
    expect(judged(began().wait(HOUR).call('search').call('search', { token: null }), RULE)).toEqual([]);
    expect(judged(began({}, { iss: 'https://other.example.net' }).wait(HOUR).call('search'), RULE)).toEqual([]);
  });
});
