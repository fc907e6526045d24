import { describe, expect, test } from 'vitest';
import { ISSUER, SERVER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, signedIn } from '../sessions.ts';

const RULE = 'token-in-query';

describe(RULE, () => {
  test('passes a client whose URLs hold no token', () => {
    expectOnly(signedIn(), RULE, 'pass', { part: 'request.headers.authorization' });
  });

  test.each(EVERY_REVISION)('is an error in %s', (revision) => {
    const log = signedIn({ revision });
    log.call('GET', { token: null, server: `${SERVER}?access_token=${log.token}` }).as('M');
    expectOnly(log, RULE, 'error', { at: 'M', part: 'request.url', quoted: log.token, party: 'client' });
  });

  test('knows the parameter without knowing the token', () => {
    const log = traffic()
      .call('search', { token: null, server: `${SERVER}?access_token=abc` })
      .as('M');
    expectOnly(log, RULE, 'error', { at: 'M', quoted: 'abc' });
  });

  test('finds a token under another name, at another place and in Referer', () => {
    const named = signedIn();
    named.call('GET', { token: null, server: `${SERVER}?t=${named.token}` }).as('M');
    expectOnly(named, RULE, 'error', { at: 'M' });
    const elsewhere = signedIn();
    elsewhere.raw('GET', `${ISSUER}/whoami?access_token=${elsewhere.token}`).as('M');
    expectOnly(elsewhere, RULE, 'error', { at: 'M' });
    const referer = signedIn();
    referer.raw(
      'GET',
      'https://cdn.example.net/logo.png',
      {},
      {},
      { referer: `https://app.example.org/?t=${referer.token}` },
    );
    expectOnly(referer.as('M'), RULE, 'error', { at: 'M', part: 'request.headers.referer', says: 'Referer' });
  });

  test('is one finding for a server', () => {
    const log = signedIn();
    for (let count = 0; count < 8; count += 1)
      log.call('GET', { token: null, server: `${SERVER}?access_token=${log.token}` });
    expectOnly(log, RULE, 'error');
    expect(judged(log, RULE)[0]?.evidence).toHaveLength(5);
  });

  test('is a note for a key of another kind, where there is no OAuth', () => {
    const log = traffic()
      .call('search', { token: null, server: `${SERVER}?token=0123456789abcdef0123` })
      .as('M');
    expectOnly(log, RULE, 'note', { at: 'M', quoted: '0123456789abcdef0123' });
  });

  test('leaves the fragment alone, which is not sent', () => {
    const log = signedIn();
    log.raw('GET', `https://app.example.org/#kept=${log.token}`);
    expectOnly(log, RULE, 'pass');
  });

  test('says nothing of a log without a token, for a URL is always whole', () => {
    expect(judged(traffic().challenge(), RULE)).toEqual([]);
  });
});
