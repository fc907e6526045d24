import { describe, expect, test } from 'vitest';
import { SERVER, traffic } from '../../traffic/traffic.ts';
import { expectDetails, expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, EVERY_REVISION, HOUR, R_OA, RENEWED, RT1, signedIn } from '../sessions.ts';

const RULE = 'sep-2702-silent-refresh';

describe(RULE, () => {
  test('says nothing of the end of a session', () => {
    const log = signedIn({ revision: '2025-11-25' }).wait(HOUR);
    const refused = { status: 401, challenge: 'Bearer error="invalid_token"' };
    log.raw('DELETE', SERVER, refused, {}, { authorization: `Bearer ${log.token}`, 'mcp-session-id': 'session-1' });
    log.wait(40_000).call('tools/list', { token: null });
    expect(judged(log, RULE)).toEqual([]);
  });

  test('passes when a refresh follows the 401', () => {
    const log = signedIn().wait(HOUR).expired().as('401').rf().call();
    expectOnly(log, RULE, 'pass', { at: '401', part: 'response.headers.www-authenticate', quoted: 'invalid_token' });
  });

  test('passes when the refresh comes within 30 s, and not when it comes later', () => {
    const first = (wait: number) => judged(signedIn().wait(HOUR).expired().wait(wait).rf().call('other'), RULE)[0];
    expect(first(29_000)?.kind).toBe('pass');
    expect(first(31_000)?.level).toBe('note');
  });

  test.each(EVERY_REVISION)('is a warning in %s: a proposal, no matter what was negotiated', (revision) => {
    const log = signedIn({ revision }).wait(HOUR).expired().az(RENEWED).as('AZ');
    const scope = { at: 'AZ', part: 'request.url', quoted: 'r+offline_access' };
    expectOnly(log, RULE, 'warning', { ...scope, party: 'client', says: 'SEP-2702' });
    expect(judged(log, RULE)[0]?.subject).toBe(SERVER);
  });

  test('is open when a token request followed whose body was not recorded', () => {
    const unread = () => signedIn().wait(HOUR).expired().as('401').rf().withoutRequestBody();
    expectOnly(unread().az(RENEWED), RULE, 'open', { at: '401', missing: ['token-request'] });
    expectOnly(unread().wait(40_000).call('other', { token: null }), RULE, 'open', { missing: ['token-request'] });
    // One from before says nothing of it.
    const before = signedIn().rf().withoutRequestBody().wait(HOUR).expired().az(RENEWED).as('AZ');
    expectOnly(before, RULE, 'warning', { at: 'AZ' });
  });

  test('points at the code exchange when the renewed request was not recorded', () => {
    const log = signedIn().wait(HOUR).expired().tk({ scope: R_OA, refresh: RT1 }).as('TK');
    expectOnly(log, RULE, 'warning', { at: 'TK', part: 'request.postData' });
  });

  test('is a note when the 401 gave no error, or when nothing followed for 30 s', () => {
    const bare = signedIn().wait(HOUR).expired('search', { challenge: 'Bearer' }).az(RENEWED).as('AZ');
    expectOnly(bare, RULE, 'note', { at: 'AZ', says: 'no error code' });
    const idle = signedIn().wait(HOUR).expired().as('401').wait(31_000).expired('other');
    expectOnly(idle, RULE, 'note', { at: '401', says: '30 s' });
  });

  test('is open when no token response shows whether there was a refresh token', () => {
    const token = 'access-token-from-before';
    const log = traffic().call('tools/list', { token }).expired('search', { token }).az(RENEWED);
    expectOnly(log, RULE, 'open', { missing: ['token-response'] });
  });

  test('is open when the log ends too soon', () => {
    expectOnly(signedIn().wait(HOUR).expired().as('401'), RULE, 'open', { at: '401', missing: ['later-traffic'] });
  });

  test('is open when the recording has no Authorization headers', () => {
    const log = discovered().az(RENEWED).tk({ scope: R_OA, refresh: RT1 }).call('tools/list', { token: null });
    log.wait(HOUR).expired('search', { token: null }).as('401');
    expectOnly(log, RULE, 'open', { at: '401', quoted: 'invalid_token', missing: ['authorization-header'] });
  });

  test('does not apply without a refresh token', () => {
    const log = discovered().az(RENEWED).tk({ scope: 'r' }).call('tools/list').wait(HOUR).expired().az(RENEWED);
    expectOnly(log, RULE, 'notApplicable', { says: 'no refresh token' });
  });

  test('does not apply to a token fresh from the issuer, nor after a log-out', () => {
    const fresh = discovered().az(RENEWED).tk({ scope: R_OA, refresh: RT1 }).expired().az(RENEWED);
    expectOnly(fresh, RULE, 'notApplicable', { says: 'right after its issue' });
    expectOnly(signedIn().wait(HOUR).revoke().expired().az(RENEWED), RULE, 'notApplicable', {
      says: 'ended on purpose',
    });
  });

  test('says nothing of another error, nor of a gateway that answers in HTML', () => {
    const other = signedIn().wait(HOUR).expired('search', { challenge: 'Bearer error="invalid_request"' }).az(RENEWED);
    expect(judged(other, RULE)).toEqual([]);
    const gateway = { status: 401, body: '<html></html>', mimeType: 'text/html' };
    expect(judged(signedIn().wait(HOUR).call('search', gateway).az(RENEWED), RULE)).toEqual([]);
  });

  test('passes a refresh before the expiry, and says nothing of one that was not due', () => {
    expectOnly(
      signedIn()
        .wait(HOUR - 90_000)
        .rf()
        .as('RF')
        .call(),
      RULE,
      'pass',
      { at: 'RF', says: 'before the token expired' },
    );
    expect(
      judged(
        signedIn()
          .wait(HOUR - 130_000)
          .rf()
          .call(),
        RULE,
      ),
    ).toEqual([]);
  });

  test('judges each dead token by itself', () => {
    const log = signedIn().wait(HOUR).expired().as('first').rf().call().wait(HOUR).expired().az(RENEWED).as('AZ');
    const found = judged(log, RULE);
    expect(found.map(verdictOf)).toEqual(['pass', 'warning']);
    if (found[1]) expectDetails(log, found[1], { at: 'AZ' });
  });

  test.each([
    { body: 'error code: 1020', mimeType: 'text/plain', headers: { server: 'cloudflare' } },
    { body: '<html><title>Sign in to the network</title></html>', mimeType: '' },
  ])('says nothing of a 401 by something in front of the server', (gate) => {
    const log = signedIn()
      .wait(HOUR)
      .call('search', { status: 401, ...gate });
    expect(judged(log.wait(40_000).call('other'), RULE)).toEqual([]);
  });
});
