import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, EVERY_REVISION, signedIn } from '../sessions.ts';

const RULE = 'invalid-bearer-token';
const REFUSED = { status: 401, challenge: 'Bearer error="invalid_token"' } as const;
const TOKEN = 'access-token-of-the-test-0123456789';

describe(RULE, () => {
  test("says nothing of a key of the server's own kind, which is no OAuth", () => {
    const log = traffic().call('search', { token: 'sk_live_0123456789abcdef', status: 401 });
    expect(judged(log, RULE)).toEqual([]);
  });

  test('passes a token that is sent as it was issued', () => {
    expectOnly(signedIn(), RULE, 'pass', { part: 'request.headers.authorization' });
  });

  test.each(['undefined', 'null', '[object Object]', 'None'])('is an error for %s', (value) => {
    for (const revision of EVERY_REVISION) {
      const log = discovered({ revision })
        .call('tools/list', { token: value, ...REFUSED })
        .as('M');
      expectOnly(log, RULE, 'error', {
        at: 'M',
        part: 'request.headers.authorization',
        quoted: value,
        party: 'client',
        says: value,
      });
    }
  });

  test('is an error for nothing behind the scheme, unless the server is content with it', () => {
    expectOnly(
      discovered()
        .call('tools/list', { token: '', ...REFUSED })
        .as('M'),
      RULE,
      'error',
      { at: 'M' },
    );
    expect(judged(discovered().call('tools/list', { token: '' }), RULE)).toEqual([]);
  });

  test.each([
    [`"${TOKEN}"`, 'in quotation marks'],
    [`Bearer ${TOKEN}`, 'the scheme twice'],
    [TOKEN.slice(0, 20), 'cut short'],
    [`token:${TOKEN}`, 'something before it'],
    [TOKEN.replaceAll('-', '%2D'), 'percent-encoding'],
  ])('is an error for a token altered to %s that the server refuses', (value, says) => {
    const log = discovered()
      .az()
      .tk({ token: TOKEN })
      .call('search', { token: value, ...REFUSED })
      .as('M');
    expectOnly(log, RULE, 'error', { at: 'M', says });
  });

  test('says each thing once', () => {
    const log = discovered()
      .call('a', { token: 'null', ...REFUSED })
      .call('b', { token: 'undefined', ...REFUSED });
    log.call('a', { token: 'null', ...REFUSED });
    expect(judged(log, RULE).map(verdictOf)).toEqual(['error', 'error']);
  });

  test('is open for a refused token whose issue was not recorded', () => {
    const log = traffic()
      .call('search', { token: 'from-before-the-log-0123', ...REFUSED })
      .as('M');
    expectOnly(log, RULE, 'open', { at: 'M', missing: ['token-response'] });
  });

  test('passes a token from before the log that the server takes', () => {
    expectOnly(traffic().call('search', { token: 'from-before-the-log-0123' }), RULE, 'pass');
  });

  test('is open when the recording was stripped of its headers', () => {
    const log = discovered().az().tk().forget().call('search', { token: null });
    expectOnly(log, RULE, 'open', { missing: ['authorization-header'] });
  });

  test('says nothing of a value that a recorder put in', () => {
    expect(judged(traffic().call('search', { token: '[REDACTED]' }), RULE)).toEqual([]);
  });
});
