import { describe, expect, test } from 'vitest';
import { ISSUER } from '../../traffic/traffic.ts';
import { BOUND_ANSWER, BOUND_TOKEN, bound, callProof, proof, provenCall } from '../extensions.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, signedIn } from '../sessions.ts';

const RULE = 'sep-1932-client-dpop-auth-scheme';
const NONCE = { 'dpop-nonce': 'nonce-1' };

describe(RULE, () => {
  test('takes a request that was recorded twice for one', () => {
    expectOnly(provenCall(bound()).twice(), RULE, 'pass');
  });

  test('passes a fresh proof with every request', () => {
    expectOnly(provenCall(provenCall(bound())), RULE, 'pass', { part: 'request.headers.dpop' });
  });

  test('is an error to send the token as a bearer', () => {
    const log = bound().call('search', { token: BOUND_TOKEN }).as('M');
    expectOnly(log, RULE, 'error', { at: 'M', part: 'request.headers.authorization', party: 'client', says: 'Bearer' });
  });

  test('is an error without a proof, for a call and for a token request', () => {
    const call = bound()
      .call('search', { scheme: 'DPoP', token: BOUND_TOKEN, requestHeaders: { dpop: null } })
      .as('M');
    expectOnly(call, RULE, 'error', { at: 'M', says: 'A request to the MCP server has no DPoP proof' });
    const token = discovered().az().tk({ token: BOUND_TOKEN, answerBody: BOUND_ANSWER }).as('TK');
    expectOnly(provenCall(token), RULE, 'error', {
      at: 'TK',
      says: 'A token request for a DPoP token has no DPoP proof',
    });
  });

  test.each<[string, string, string]>([
    ['another method', callProof({ htm: 'GET' }), 'method GET'],
    ['another URL', callProof({ htu: 'https://two.example.com/mcp' }), 'another URL'],
    ['another token', callProof({ ath: 'YWJj' }), 'another token'],
    ['no token', proof(), 'no ath'],
    ['no id', callProof({ jti: undefined }), 'no jti'],
    ['another time', callProof({ iat: 1_700_000_000 }), 'this moment'],
    ['another type', callProof({}, { typ: 'JWT' }), 'dpop+jwt'],
  ])('is an error for a proof for %s', (_, dpop, says) => {
    expectOnly(provenCall(bound(), dpop).as('M'), RULE, 'error', { at: 'M', part: 'request.headers.dpop', says });
  });

  test('is an error to use a proof twice', () => {
    const dpop = callProof();
    const log = provenCall(provenCall(bound(), dpop), dpop, 'list').as('M');
    expectOnly(log, RULE, 'error', { at: 'M', says: 'used before' });
  });

  test('wants the nonce that the server asked for', () => {
    const challenge = 'DPoP error="use_dpop_nonce"';
    const asked = () =>
      bound().call('search', {
        scheme: 'DPoP',
        token: BOUND_TOKEN,
        status: 401,
        challenge,
        headers: NONCE,
        requestHeaders: { dpop: callProof() },
      });
    expectOnly(provenCall(asked(), callProof({ nonce: 'nonce-1' })), RULE, 'pass');
    expectOnly(provenCall(asked()).as('M'), RULE, 'error', { at: 'M', says: 'nonce' });
  });

  test('wants the nonce that the authorization server asked for', () => {
    const htu = `${ISSUER}/token`;
    const again = (claims: object) => {
      const log = discovered().az();
      const code = 'code-of-the-test-abcdefgh';
      log.tk({
        error: 'use_dpop_nonce',
        answerHeaders: NONCE,
        form: { code },
        requestHeaders: { dpop: proof({ htu }) },
      });
      const dpop = proof({ htu, ...claims });
      log.tk({ token: BOUND_TOKEN, answerBody: BOUND_ANSWER, form: { code }, requestHeaders: { dpop } }).as('TK');
      return provenCall(log);
    };
    expectOnly(again({ nonce: 'nonce-1' }), RULE, 'pass');
    expectOnly(again({}), RULE, 'error', { at: 'TK', says: 'nonce' });
  });

  test('is open for a proof that cannot be read', () => {
    expectOnly(provenCall(bound(), 'jwt-7').as('M'), RULE, 'open', { at: 'M', missing: ['dpop-proof'] });
  });

  test('says nothing of bearer tokens', () => {
    expect(judged(signedIn(), RULE)).toEqual([]);
  });
});
