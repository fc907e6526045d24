import { describe, expect, test } from 'vitest';
import { type TokenOptions, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, EVERY_REVISION } from '../sessions.ts';

const RULE = 'authorization-code-single-use';
const CODE = 'code-1-abcdefghijklmnop';
const VERIFIER = 'verifier-1-0123456789012345678901234567890123456789';
const again = (options: TokenOptions = {}): TokenOptions => ({
  ...options,
  form: { code: CODE, code_verifier: VERIFIER, ...options.form },
});
const REFUSED = { error: 'invalid_grant' } as const;

describe(RULE, () => {
  test('passes codes that are redeemed once', () => {
    expectOnly(discovered().az().tk().as('TK').call(), RULE, 'pass', { at: 'TK', quoted: 'code' });
    const twice = discovered().az().tk().call().az().tk().call();
    expect(judged(twice, RULE).map(verdictOf)).toEqual(['pass', 'pass']);
  });

  test.each(EVERY_REVISION)('is an error in %s to send a code again: RFC 6749 forbids it', (revision) => {
    const log = discovered({ revision }).az().tk().tk(again(REFUSED)).as('second').call();
    const culprit = { at: 'second', part: 'request.postData', quoted: 'code' };
    expectOnly(log, RULE, 'error', { ...culprit, party: 'client', says: 'invalid_grant' });
  });

  test('is an error when a callback page that is drawn twice sends it twice at once', () => {
    const log = discovered()
      .az()
      .tk({ duration: 80 })
      .tk(again({ ...REFUSED, after: -75 }))
      .as('second')
      .call();
    expectOnly(log, RULE, 'error', { at: 'second' });
  });

  test("is the authorization server's fault when it accepts both", () => {
    const log = discovered().az().tk().tk(again()).as('second').call();
    expectOnly(log, RULE, 'error', { at: 'second', part: 'response.content', party: 'authorization-server' });
  });

  test('is an error also when the sign-in was not recorded', () => {
    const log = traffic().challenge().prm().asm().tk(again()).tk(again(REFUSED)).as('second').call();
    expectOnly(log, RULE, 'error', { at: 'second' });
  });

  test('is a note to try again after no usable answer', () => {
    for (const lost of [{ status: 0 }, { status: 503 }, { error: 'invalid_client' }, { error: 'invalid_target' }]) {
      expectOnly(discovered().az().tk(lost).tk(again()).as('second').call(), RULE, 'note', { at: 'second' });
    }
  });

  test('passes the same request with the nonce that was asked for (RFC 9449)', () => {
    expectOnly(discovered().az().tk({ error: 'use_dpop_nonce' }).tk(again()).call(), RULE, 'pass');
  });

  test('passes two records of one request (guard G2)', () => {
    const token = 'access-token-of-both-records';
    expectOnly(
      discovered()
        .az()
        .tk({ token, duration: 30 })
        .tk(again({ token, after: -20 }))
        .call(),
      RULE,
      'pass',
    );
  });

  test('takes the same string from two responses for two codes', () => {
    const same = { form: { code: 'test-auth-code-constant' } };
    const log = discovered()
      .az({ code: 'test-auth-code-constant' })
      .tk(same)
      .call()
      .az({ code: 'test-auth-code-constant' })
      .tk(same)
      .call();
    expect(judged(log, RULE).map(verdictOf)).toEqual(['pass', 'pass']);
  });

  test.each([
    [307, {}],
    [308, {}],
    [307, { 'Non-Authoritative-Reason': 'HSTS' }],
  ])('takes the way of one request over redirects (%i %j) for one', (status, answerHeaders) => {
    const log = discovered().az();
    const form = { code: log.code, code_verifier: 'verifier-1-0123456789012345678901234567890123456789' };
    log.tk({
      form,
      status,
      answerHeaders: { location: 'https://as.example.com/token/', ...answerHeaders },
      refresh: null,
    });
    log.tk({ form, url: 'https://as.example.com/token/' }).call();
    expect(judged(log, RULE).map(verdictOf)).toEqual(['pass']);
  });

  test('says nothing of codes that the recording replaced', () => {
    expect(
      judged(
        discovered()
          .az()
          .tk({ form: { code: '[REDACTED]' } })
          .call(),
        RULE,
      ),
    ).toEqual([]);
  });
});
