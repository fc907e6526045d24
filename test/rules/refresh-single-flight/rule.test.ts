import { describe, expect, test } from 'vitest';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { DEAD, EVERY_REVISION, HOUR, RT1, signedIn } from '../sessions.ts';

const RULE = 'refresh-single-flight';
const expired = () => signedIn().wait(HOUR).expired();

describe(RULE, () => {
  test('passes one refresh at a time', () => {
    expectOnly(expired().rf().as('RF').call(), RULE, 'pass', { at: 'RF', part: 'request.postData', quoted: RT1 });
  });

  test('passes the same token sent again after the answer had come', () => {
    expectOnly(expired().rf({ status: 503 }).rf(), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is a warning in %s when the same token is sent twice at once', (revision) => {
    const log = signedIn({ revision })
      .wait(HOUR)
      .expired()
      .rf({ duration: 200 })
      .rf({ send: RT1, after: -150 })
      .as('second');
    const token = { at: 'second', part: 'request.postData', quoted: RT1 };
    expectOnly(log, RULE, 'warning', { ...token, party: 'client', says: '50 ms' });
  });

  test('tells the consequence', () => {
    const log = expired()
      .rf({ duration: 200 })
      .rf({ ...DEAD, send: RT1, after: -150 });
    expectOnly(log, RULE, 'warning', { says: 'invalid_grant' });
  });

  test('judges each refresh token by itself', () => {
    const log = expired()
      .rf({ duration: 200 })
      .rf({ send: RT1, after: -150, refresh: 'refresh-token-two-0002' })
      .call();
    log.wait(HOUR).expired().rf({ send: 'refresh-token-two-0002' });
    expect(judged(log, RULE).map(verdictOf)).toEqual(['warning', 'pass']);
  });

  test('is open when the recording lost the refresh token', () => {
    const log = expired().rf({ send: null }).as('RF');
    expectOnly(log, RULE, 'open', { at: 'RF', part: 'request.postData', missing: ['refresh-token'] });
  });

  test('says nothing without a refresh', () => {
    expect(judged(signedIn(), RULE)).toEqual([]);
  });

  test('takes two placeholders for no token, and so not for one', () => {
    const log = expired().rf({ send: '[REDACTED]', duration: 200 }).rf({ send: '[REDACTED]', after: -150 });
    expect(judged(log, RULE).map(verdictOf)).toEqual(['open', 'open']);
  });
});
