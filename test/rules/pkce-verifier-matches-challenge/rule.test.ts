import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION } from '../sessions.ts';

const RULE = 'pkce-verifier-matches-challenge';
const OTHER = 'another-verifier-0123456789012345678901234567890123456789';

describe(RULE, () => {
  test('passes the verifier of the challenge', () => {
    expectOnly(discovered().az().tk().as('TK').call(), RULE, 'pass', { at: 'TK', part: 'request.postData' });
  });

  test('passes the plain method, which is its own challenge', () => {
    const extra = { code_challenge: OTHER, code_challenge_method: 'plain' };
    expectOnly(
      discovered()
        .az({ extra })
        .tk({ form: { code_verifier: OTHER } })
        .call(),
      RULE,
      'pass',
    );
  });

  test.each(EVERY_REVISION)('is an error in %s when another verifier is sent', (revision) => {
    const log = discovered({ revision })
      .az()
      .tk({ form: { code_verifier: OTHER } })
      .as('TK')
      .call();
    expectOnly(log, RULE, 'error', { at: 'TK', part: 'request.postData', quoted: 'code_verifier', party: 'client' });
  });

  test('is an error without a verifier, as the conformance suite has it', () => {
    const log = discovered()
      .az()
      .tk({ form: { code_verifier: null } })
      .as('TK')
      .call();
    expectOnly(log, RULE, 'error', { at: 'TK', quoted: null, says: 'no code_verifier' });
  });

  test('says nothing when the request had no challenge', () => {
    const log = discovered()
      .az({ extra: { code_challenge: '' } })
      .tk()
      .call();
    expect(judged(log, RULE)).toEqual([]);
  });

  test('is open when the sign-in was not recorded', () => {
    const log = traffic().challenge({ scope: 'r' }).prm().asm().tk().as('TK').call();
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
  });

  test('is open when the response came back with the state of another request', () => {
    const log = discovered()
      .az({ extra: { state: 'state-of-an-abandoned-sign-in' } })
      .tk({ form: { code_verifier: OTHER } })
      .call();
    expectOnly(log, RULE, 'open', { missing: ['authorization-request'] });
  });

  test('is open when a placeholder or a checksum stands for the verifier', () => {
    for (const verifier of ['REDACTED-1', 'a'.repeat(64)]) {
      const log = discovered()
        .az()
        .tk({ form: { code_verifier: verifier } })
        .call();
      expectOnly(log, RULE, 'open', { missing: ['code-verifier'] });
    }
  });

  test('is open when the recording took the secrets out', () => {
    const log = discovered()
      .az()
      .tk({ form: { code_verifier: null, code: '***' } })
      .call();
    expectOnly(log, RULE, 'open', { missing: ['request-body'] });
  });
});
