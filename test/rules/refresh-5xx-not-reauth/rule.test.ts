import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { asked, DEAD, discovered, EVERY_REVISION, HOUR, RENEWED, RT1, signedIn } from '../sessions.ts';

const RULE = 'refresh-5xx-not-reauth';
const failed = () => signedIn().wait(HOUR).expired().rf({ status: 503 }).as('RF');

describe(RULE, () => {
  test('passes when the client tries again later, or hands the first error on', () => {
    expectOnly(failed().rf(), RULE, 'pass', { at: 'RF', part: 'request.postData' });
    expectOnly(asked().expired().rf({ status: 503 }).tell('call_1', 'HTTP 401'), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is a note in %s when the user is sent to sign in', (revision) => {
    const log = signedIn({ revision }).wait(HOUR).expired().rf({ status: 503 }).az(RENEWED).as('AZ');
    const scope = { at: 'AZ', part: 'request.url', quoted: 'r+offline_access' };
    expectOnly(log, RULE, 'note', { ...scope, party: 'client', says: '503' });
  });

  test('counts no answer and 429 as passing', () => {
    expectOnly(signedIn().wait(HOUR).expired().rf({ status: 0 }).az(RENEWED), RULE, 'note', { says: 'no answer' });
    expectOnly(signedIn().wait(HOUR).expired().rf({ status: 429 }).az(RENEWED), RULE, 'note');
  });

  test('is a note when the client goes on without any token', () => {
    const log = failed().call('search', { token: null, status: 401 });
    expectOnly(log, RULE, 'note', { at: 'RF', says: 'without any token' });
  });

  test('passes where the recording has no Authorization headers and the client tried again', () => {
    const bare = { token: null } as const;
    const log = discovered()
      .az(RENEWED)
      .tk({ refresh: RT1 })
      .call('tools/list', bare)
      .wait(HOUR)
      .expired('search', bare);
    log.rf({ status: 503 }).as('RF').expired('search', bare);
    expectOnly(log.wait(1000).rf(), RULE, 'pass', { at: 'RF' });
  });

  test('is open when nothing followed, or the sign-in came minutes later', () => {
    expectOnly(failed(), RULE, 'open', { at: 'RF', missing: ['later-traffic'] });
    expectOnly(failed().wait(125_000).az(RENEWED), RULE, 'open', { at: 'RF', missing: ['later-traffic'] });
  });

  test('says nothing of a refresh that succeeded or was refused for good', () => {
    expect(judged(signedIn().wait(HOUR).expired().rf().call(), RULE)).toEqual([]);
    expect(judged(signedIn().wait(HOUR).expired().rf(DEAD), RULE)).toEqual([]);
    // GitHub refuses with status 200.
    const refused = { status: 200, error: 'bad_refresh_token' };
    expect(judged(signedIn().wait(HOUR).expired().rf(refused).az(RENEWED), RULE)).toEqual([]);
    const busy = { status: 200, error: 'temporarily_unavailable' };
    expectOnly(signedIn().wait(HOUR).expired().rf(busy).az(RENEWED), RULE, 'note');
  });
});
