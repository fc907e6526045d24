import { describe, expect, test } from 'vitest';
import { jwt } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, HOUR, RT1 } from '../sessions.ts';

const RULE = 'as-short-lived-tokens';
const IAT = 1_793_600_000;

describe(RULE, () => {
  test('takes 0 for no word on it, and an exp without iat from when it was issued', () => {
    expectOnly(discovered().az().tk({ expiresIn: 0 }).call(), RULE, 'note', { says: 'does not say' });
    const ends = (seconds: number) => jwt({ exp: Math.floor(Date.parse('2026-11-02T09:00:00Z') / 1000) + seconds });
    const issued = (seconds: number) =>
      discovered()
        .az()
        .tk({ expiresIn: null, token: ends(seconds) })
        .call();
    expectOnly(issued(7 * 86_400), RULE, 'warning', { says: '7 days' });
    expectOnly(issued(3600), RULE, 'pass', { says: '60 min' });
  });

  test('passes an hour', () => {
    expectOnly(discovered().az().tk().as('TK').call(), RULE, 'pass', {
      at: 'TK',
      part: 'response.content',
      quoted: '3600',
    });
  });

  test('is a note above an hour and a warning above a day', () => {
    const note = { at: 'TK', quoted: '3601', party: 'authorization-server' } as const;
    expectOnly(discovered().az().tk({ expiresIn: 3601 }).as('TK').call(), RULE, 'note', note);
    expectOnly(discovered().az().tk({ expiresIn: 86_400 }).call(), RULE, 'note', { says: '24 h' });
    expectOnly(discovered().az().tk({ expiresIn: 2_592_000 }).call(), RULE, 'warning', { says: '30 days' });
  });

  test("goes by the token's own claims where the answer says nothing", () => {
    const token = jwt({ iat: IAT, exp: IAT + 7 * 86_400 });
    expectOnly(discovered().az().tk({ expiresIn: null, token }).call(), RULE, 'warning', { says: '7 days' });
  });

  test('is a note when nothing says how long the token lives', () => {
    expectOnly(discovered().az().tk({ expiresIn: null }).as('TK').call(), RULE, 'note', {
      at: 'TK',
      says: 'does not say',
    });
  });

  test('says the same lifetime once, however often the token is refreshed', () => {
    const log = discovered()
      .az()
      .tk({ refresh: RT1, expiresIn: 7200 })
      .call()
      .wait(HOUR)
      .rf({ expiresIn: 7200 })
      .wait(HOUR);
    log.rf({ expiresIn: 60 });
    expect(judged(log, RULE).map(verdictOf)).toEqual(['note', 'pass']);
  });

  test('is open when the answer was not recorded', () => {
    const log = discovered()
      .az()
      .tk({ answerBody: '' })
      .as('TK')
      .cutAnswer()
      .call('search', { token: 'access-token-0123456789' });
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['token-response'] });
  });
});
