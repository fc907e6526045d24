import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION, HOUR, RT1 } from '../sessions.ts';

const RULE = 'token-error-status';
const held = () => discovered().az().tk({ refresh: RT1 }).call().wait(HOUR).expired();
const body = (error: string) => JSON.stringify({ error });

describe(RULE, () => {
  test('passes errors with the status that RFC 6749 gives them', () => {
    expectOnly(held().rf({ error: 'invalid_grant' }).as('RF'), RULE, 'pass', { at: 'RF', part: 'response.status' });
    expectOnly(held().rf({ status: 401, error: 'invalid_client' }), RULE, 'pass');
    expectOnly(held().rf({ status: 400, error: 'invalid_client' }), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is a warning in %s when an error comes with 200', (revision) => {
    const log = discovered({ revision }).az().tk({ refresh: RT1 }).call().wait(HOUR).expired();
    log.rf({ answerBody: body('bad_verification_code') }).as('RF');
    expectOnly(log, RULE, 'warning', { at: 'RF', part: 'response.status', party: 'authorization-server', says: '200' });
  });

  test('is a warning when invalid_grant comes with 401 or 500', () => {
    expectOnly(held().rf({ status: 401, error: 'invalid_grant' }), RULE, 'warning', { says: '401' });
    expectOnly(held().rf({ status: 500, answerBody: body('invalid_grant') }), RULE, 'warning', { says: '500' });
  });

  test('is a warning when invalid_client after HTTP Basic is not 401', () => {
    const requestHeaders = { authorization: `Basic ${btoa('client-one-0001:secret')}` };
    expectOnly(held().rf({ status: 400, error: 'invalid_client', requestHeaders }), RULE, 'warning', {
      says: 'in place of 401',
    });
  });

  test('says nothing of a nonce that is asked for, of a flood, or of a server that is down', () => {
    expect(judged(held().rf({ status: 400, error: 'use_dpop_nonce' }), RULE)).toEqual([]);
    expect(judged(held().rf({ status: 429, error: 'invalid_request' }), RULE)).toEqual([]);
    expect(judged(held().rf({ status: 503, answerBody: body('invalid_grant') }), RULE)).toEqual([]);
    expect(judged(held().rf({ status: 503 }), RULE)).toEqual([]);
  });

  test('is open when the error was not recorded', () => {
    const log = held().rf({ status: 400, answerBody: '' }).as('RF');
    expectOnly(log.cutAnswer(), RULE, 'open', { at: 'RF', missing: ['token-response'] });
  });
});
