import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { asked, DEAD, EVERY_REVISION, HOUR, RENEWED, RT1, signedIn } from '../sessions.ts';

const RULE = 'sep-2702-needs-reauth';
const dead = () => signedIn().wait(HOUR).expired().rf(DEAD).as('RF');

describe(RULE, () => {
  test('passes when the user is asked to sign in, or the model is told so', () => {
    expectOnly(dead().az(RENEWED), RULE, 'pass', { at: 'RF', part: 'response.content' });
    expectOnly(asked().expired().rf(DEAD).as('RF').tell('call_1', 'needs_reauth: reconnect it'), RULE, 'pass', {
      at: 'RF',
    });
  });

  test.each(EVERY_REVISION)('is a warning in %s: the dead token is sent again', (revision) => {
    const log = signedIn({ revision }).wait(HOUR).expired().rf(DEAD).rf(DEAD).as('again');
    expectOnly(log, RULE, 'warning', { at: 'again', part: 'request.postData', party: 'client', says: 'invalid_grant' });
  });

  test('is a warning when the raw error is given to the model', () => {
    const log = asked().expired().rf(DEAD).tell('call_1', 'Unauthorized').as('LLM');
    expectOnly(log, RULE, 'warning', { at: 'LLM', quoted: 'Unauthorized', says: 'raw error' });
  });

  test('is open when the sign-in was not seen, and may have begun before the model was told', () => {
    const log = asked().expired().rf(DEAD).tell('call_1', 'Unauthorized').wait(3000);
    log.tk({ scope: 'r', form: { code: 'code-of-a-popup-0123456789' } }).call();
    expectOnly(log, RULE, 'open', { missing: ['authorization-request'] });
    expectOnly(
      dead()
        .wait(3000)
        .tk({ scope: 'r', form: { code: 'code-of-a-popup-0123456789' } }),
      RULE,
      'pass',
    );
  });

  test('takes no second refresh for a repetition that may have been under way: the recording has no durations', () => {
    const log = dead().altered((entry) => ({ ...entry, time: 0 }));
    expectOnly(log.rf({ ...DEAD, after: 5 }).call(), RULE, 'open', { missing: ['later-traffic'] });
    const late = dead().altered((entry) => ({ ...entry, time: 0 }));
    expectOnly(late.rf({ ...DEAD, after: 5000 }), RULE, 'warning');
  });

  test('is a warning when the dead access token is used again and again', () => {
    const log = dead().expired('search').as('again').expired('search');
    expectOnly(log, RULE, 'warning', { at: 'again', quoted: 'invalid_token', says: 'again and again' });
  });

  test('is open when what followed is not in the log', () => {
    expectOnly(dead(), RULE, 'open', { at: 'RF', missing: ['later-traffic'] });
  });

  test('says nothing when another refresh at the same time succeeded, or the refusal passes', () => {
    const log = signedIn()
      .wait(HOUR)
      .expired()
      .rf()
      .rf({ ...DEAD, send: RT1, after: -10 })
      .call();
    expect(judged(log, RULE)).toEqual([]);
    expect(judged(signedIn().wait(HOUR).expired().rf({ status: 503 }), RULE)).toEqual([]);
    expect(judged(signedIn().wait(HOUR).expired().rf({ status: 429 }), RULE)).toEqual([]);
  });
});
