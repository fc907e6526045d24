import { describe, expect, test } from 'vitest';
import { PAGE, REDIRECT } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { signIn } from '../sign-ins.ts';

const RULE = 'code-leaked';
const THIRD = 'https://analytics.example.net';

describe(RULE, () => {
  test('passes when the code stays between the page and the authorization server', () => {
    const log = signIn({ tk: null });
    const referer = `${REDIRECT}?code=${log.code}`;
    expectOnly(log.raw('GET', `${PAGE}/logo.png`, {}, {}, { referer }).tk().call('tools/list'), RULE, 'pass', {
      at: 'landing',
    });
  });

  test("passes when the client's backend hands it on to the page that calls the server", () => {
    const log = signIn({ tk: null, az: { extra: { redirect_uri: 'https://api.example.net/callback' } } });
    const { code } = log;
    log.raw('GET', `https://api.example.net/callback?code=${code}`, {
      status: 302,
      headers: { location: `${PAGE}/?code=${code}` },
    });
    expectOnly(log.raw('GET', `${PAGE}/?code=${code}`).call('tools/list'), RULE, 'pass');
  });

  test('is a warning when a third party gets it in a URL or a Referer before it is redeemed', () => {
    const url = signIn({ tk: null });
    const first = url.code;
    url
      .raw('GET', `${THIRD}/hit?page=${encodeURIComponent(`/callback?code=${url.code}`)}`)
      .as('leak')
      .tk();
    expectOnly(url, RULE, 'warning', {
      at: 'leak',
      part: 'request.url',
      quoted: first,
      party: 'client',
      says: 'analytics.example.net',
    });
    const header = signIn({ tk: null });
    const code = header.code;
    header
      .raw('GET', `${THIRD}/font.woff2`, {}, {}, { referer: `${REDIRECT}?code=${code}` })
      .as('leak')
      .tk();
    expectOnly(header, RULE, 'warning', { at: 'leak', part: 'request.headers.referer', quoted: code, says: 'Referer' });
  });

  test('is a note once it was redeemed', () => {
    const log = signIn({ tk: null });
    const { code } = log;
    log
      .tk()
      .raw('POST', `${THIRD}/report`, {}, {}, { 'content-type': 'application/json' }, JSON.stringify({ code }))
      .as('leak');
    expectOnly(log, RULE, 'note', {
      at: 'leak',
      part: 'request.postData',
      quoted: code,
      says: 'after it had been redeemed',
    });
  });

  test("is open when it may have gone to the client's own backend", () => {
    const log = signIn({ tk: null });
    log
      .raw(
        'POST',
        'https://api.example.org/session',
        {},
        {},
        { 'content-type': 'application/json' },
        JSON.stringify({ code: log.code }),
      )
      .as('BFF');
    expectOnly(log, RULE, 'open', { at: 'BFF', missing: ['token-request'] });
  });

  test('is open when the recording replaced the code', () => {
    expectOnly(signIn({ az: { answer: { code: '[REDACTED]' } }, tk: null }), RULE, 'open', {
      missing: ['authorization-code'],
    });
  });

  test('says nothing where there was no code', () => {
    expect(judged(signIn({ az: { error: 'access_denied', answer: { code: null } }, tk: null }), RULE)).toEqual([]);
  });
});
