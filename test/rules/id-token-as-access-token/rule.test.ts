import { describe, expect, test } from 'vitest';
import { ISSUER, jwt, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION, signedIn } from '../sessions.ts';

const RULE = 'id-token-as-access-token';
const CLIENT = 'client-one-0001';
const ID = jwt({ iss: ISSUER, aud: CLIENT, nonce: 'n-1', sub: 'u-1' });
const AT = 'access-token-one-0123456789';

/** Signed in with OpenID Connect. */
function openid(log: Traffic, idToken = ID): Traffic {
  const answerBody = JSON.stringify({ access_token: AT, id_token: idToken, token_type: 'Bearer', expires_in: 3600 });
  return log.az({ scope: 'openid r' }).tk({ token: AT, answerBody });
}

describe(RULE, () => {
  test('passes the access token of the two', () => {
    expectOnly(openid(discovered()).call().call(), RULE, 'pass', { quoted: 'Bearer' });
  });

  test.each(EVERY_REVISION)('is an error for the other in %s', (revision) => {
    const log = openid(discovered({ revision })).call('search', { token: ID }).as('M');
    expectOnly(log, RULE, 'error', {
      at: 'M',
      part: 'request.headers.authorization',
      quoted: 'Bearer',
      party: 'client',
    });
  });

  test('knows an ID token from before the log by its claims', () => {
    const token = Buffer.from('{"alg":"RS256"}').toString('base64url') + ID.slice(ID.indexOf('.'));
    expectOnly(signedIn().call('search', { token }).as('M'), RULE, 'error', { at: 'M', says: 'by its claims' });
  });

  test.each([
    ['says that it is an access token', ID],
    ['names scopes', jwt({ aud: CLIENT, nonce: 'n', scope: 'r' })],
    ['is made out to somebody else', jwt({ aud: 'account', nonce: 'n' })],
  ])('says nothing of a token that %s', (_, token) => {
    expect(judged(signedIn().call('search', { token }), RULE)).toEqual([]);
  });

  test('takes one text for both for an access token', () => {
    expectOnly(openid(discovered(), AT).call(), RULE, 'pass');
  });

  test('is open when the token response was not recorded', () => {
    const log = traffic().challenge().prm().asm().reg().az({ scope: 'openid r' }).tk({ answerBody: '' });
    log.call('search', { token: 'opaque-token-0123456789' }).as('M');
    expectOnly(log, RULE, 'open', { at: 'M', missing: ['token-response'] });
  });

  test('says nothing where there is no ID token', () => {
    expect(judged(signedIn(), RULE)).toEqual([]);
  });
});
