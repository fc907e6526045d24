import { describe, expect, test } from 'vitest';
import { ISSUER, REDIRECT, SERVER } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered } from '../sessions.ts';
import { signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'state-verified';

describe(RULE, () => {
  test('passes when the response has the state of its request', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'landing' });
  });

  test('is a warning about the client when it used a response with another state, or with none', () => {
    const other = signIn({ az: { answer: { state: 'a-state-of-somebody-else' } } });
    expectOnly(other, RULE, 'warning', {
      at: 'landing',
      part: 'request.url',
      quoted: 'a-state-of-somebody-else',
      party: 'client',
      says: 'another state',
    });
    expectOnly(signIn({ az: { answer: { state: null } } }), RULE, 'warning', {
      at: 'landing',
      quoted: null,
      says: 'without the state',
    });
  });

  test('is a warning also where a request that was given up came before', () => {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'client-one-0001',
      redirect_uri: REDIRECT,
      state: 'state-given-up-0123456789',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      resource: SERVER,
    });
    const page = { body: '<html></html>', mimeType: 'text/html' };
    const log = discovered().raw('GET', `${ISSUER}/authorize?${query}`, page, { _resourceType: 'document' });
    const other = log.az({ scope: 'r', answer: { state: 'a-state-of-somebody-else' } }).tk({ scope: 'r' });
    expectOnly(other.call(), RULE, 'warning', { at: 'landing', says: 'another state' });
  });

  test('is a note in 2025-03-26', () => {
    expectOnly(signIn({ revision: '2025-03-26', az: { answer: { state: null } } }), RULE, 'note', {
      says: '2025-06-18',
    });
  });

  test('says nothing when the code was left alone, or no state was sent', () => {
    expect(judged(signIn({ az: { answer: { state: null } }, tk: null }), RULE)).toEqual([]);
    expect(judged(signIn({ az: { omit: ['state'], answer: { state: null } } }), RULE)).toEqual([]);
  });

  test('is open when the response or the value was not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-response'] });
    expectOnly(signIn({ az: { extra: { state: '[REDACTED]' }, answer: { state: '[REDACTED]' } } }), RULE, 'open', {
      missing: ['state'],
    });
  });

  test('is open when the verifier belongs to no recorded request', () => {
    const az = { omit: ['code_challenge'], answer: { state: 'a-state-of-somebody-else' } } as const;
    expectOnly(signIn({ az }), RULE, 'open', { at: 'TK', missing: ['code-verifier'] });
    expectOnly(signIn({ az: { omit: ['code_challenge'] } }), RULE, 'pass');
  });
});
