import { describe, expect, test } from 'vitest';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { asked, DEAD, EVERY_REVISION, HOUR, RENEWED, signedIn } from '../sessions.ts';

const RULE = 'sep-2702-retry-original';
const refreshed = () => signedIn().wait(HOUR).expired().as('401').rf();

describe(RULE, () => {
  test('asks for no stream to be opened again: while it is open it is in no log', () => {
    const log = signedIn({ revision: '2025-11-25' }).wait(HOUR).expired('GET').rf().call().wait(60_000).call();
    expect(judged(log, RULE)).toEqual([]);
    const opened = signedIn({ revision: '2025-11-25' }).wait(HOUR).expired('GET').rf().call('GET');
    expect(judged(opened, RULE).map(verdictOf)).toEqual(['pass']);
  });

  test('passes when the call is sent again with the new token, whatever the answer', () => {
    expectOnly(refreshed().call(), RULE, 'pass', { at: '401', quoted: 'invalid_token' });
    expectOnly(refreshed().call('search', { status: 500 }), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is a warning in %s when the client goes on without it', (revision) => {
    const log = signedIn({ revision }).wait(HOUR).expired().as('401').rf().call('other').wait(31_000).call('other');
    const error = { at: '401', part: 'response.headers.www-authenticate', quoted: 'invalid_token' };
    expectOnly(log, RULE, 'warning', { ...error, party: 'client', says: 'never sent again' });
  });

  test('is a warning when the model is given the error after the refresh', () => {
    const log = asked().expired().as('401').rf().tell('call_1', 'HTTP 401');
    expectOnly(log, RULE, 'warning', { at: '401', says: 'the model was given the error' });
  });

  test('takes another operation, or other arguments, for no retry', () => {
    const log = refreshed()
      .call('search', { args: { page: 2 } })
      .wait(31_000)
      .call('other');
    expectOnly(log, RULE, 'warning', { at: '401' });
  });

  test('is open when the log ends too soon', () => {
    expectOnly(refreshed(), RULE, 'open', { at: '401', missing: ['later-traffic'] });
  });

  test('judges every call of the dead token', () => {
    const log = signedIn().wait(HOUR).expired('a', { duration: 100 }).expired('b', { after: -90, duration: 100 }).rf();
    expect(judged(log.call('a').wait(31_000).call('c'), RULE).map(verdictOf)).toEqual(['pass', 'warning']);
  });

  test('says nothing without a successful refresh, nor of a token fresh from the issuer', () => {
    expect(judged(signedIn().wait(HOUR).expired().rf(DEAD), RULE)).toEqual([]);
    expect(judged(signedIn().wait(HOUR).expired().az(RENEWED), RULE)).toEqual([]);
  });
});
