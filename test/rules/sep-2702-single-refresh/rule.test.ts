import { describe, expect, test } from 'vitest';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { EVERY_REVISION, HOUR, RENEWED, signedIn } from '../sessions.ts';

const RULE = 'sep-2702-single-refresh';
const refreshed = () => signedIn().wait(HOUR).expired().as('401').rf();

describe(RULE, () => {
  test('passes when one refresh was enough, or the client gave up after one', () => {
    expectOnly(refreshed().call(), RULE, 'pass', { at: '401', quoted: 'invalid_token' });
    expectOnly(refreshed().expired().az(RENEWED), RULE, 'pass', { says: 'did not refresh again' });
  });

  test.each(EVERY_REVISION)('is a warning in %s when a second refresh answers the second 401', (revision) => {
    const log = signedIn({ revision }).wait(HOUR).expired().rf().expired().rf().as('RF2').expired();
    expectOnly(log, RULE, 'warning', { at: 'RF2', part: 'request.postData', party: 'client', says: 'second time' });
  });

  test('is open when the call was not seen again', () => {
    expectOnly(refreshed(), RULE, 'open', { at: '401', missing: ['later-traffic'] });
  });

  test('a token that ran out by itself begins a new cycle', () => {
    const log = signedIn().wait(HOUR).expired().rf().call().wait(HOUR).expired().rf().call();
    expect(judged(log, RULE).map(verdictOf)).toEqual(['pass', 'pass']);
  });

  test('says nothing without a refresh', () => {
    expect(judged(signedIn().wait(HOUR).expired().az(RENEWED), RULE)).toEqual([]);
  });
});
