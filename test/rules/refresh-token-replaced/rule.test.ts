import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, HOUR, RT1, signedIn } from '../sessions.ts';

const RULE = 'refresh-token-replaced';
const RT2 = 'refresh-token-two-0002';
const rotated = (options = {}) => signedIn(options).wait(HOUR).rf({ refresh: RT2 }).call().wait(HOUR);

describe(RULE, () => {
  test('passes a client that goes on with the new one', () => {
    expectOnly(rotated().rf().as('RF'), RULE, 'pass', { at: 'RF', part: 'request.postData', quoted: 'refresh_token' });
  });

  test.each(EVERY_REVISION)('is an error in %s to send the old one later: RFC 6749 asks for it', (revision) => {
    const log = rotated({ revision }).rf({ send: RT1, error: 'invalid_grant' }).as('RF');
    const culprit = { at: 'RF', part: 'request.postData', quoted: 'refresh_token' };
    expectOnly(log, RULE, 'error', { ...culprit, party: 'client', says: 'invalid_grant' });
  });

  test('says nothing while nothing was replaced', () => {
    expect(judged(signedIn().wait(HOUR).rf({ refresh: null }).wait(HOUR).rf({ send: RT1 }), RULE)).toEqual([]);
    expect(judged(rotated(), RULE)).toEqual([]);
  });

  test('leaves requests at once to refresh-single-flight (guard G9)', () => {
    const log = signedIn().wait(HOUR).rf({ refresh: RT2, duration: 200 }).rf({ send: RT1, after: -100 });
    expect(judged(log, RULE)).toEqual([]);
  });

  test('allows the old one after an answer that was lost', () => {
    for (const lost of [{ status: 0 }, { status: 503 }, { answerHeaders: { 'access-control-allow-origin': null } }]) {
      const log = signedIn()
        .wait(HOUR)
        .rf({ refresh: RT2, ...lost })
        .rf({ send: RT1 });
      expect(judged(log, RULE)).toEqual([]);
    }
  });

  test('is open when the answer before was not recorded', () => {
    const log = signedIn().wait(HOUR).rf({ answerBody: '' }).cutAnswer().wait(HOUR).rf({ send: RT1 }).as('RF');
    expectOnly(log, RULE, 'open', { at: 'RF', missing: ['token-response'] });
  });
});
