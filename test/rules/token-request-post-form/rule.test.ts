import { describe, expect, test } from 'vitest';
import { ISSUER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION } from '../sessions.ts';

const RULE = 'token-request-post-form';
const CODE = 'code-1-abcdefghijklmnop';

describe(RULE, () => {
  test('passes a POSTed form, with or without a charset', () => {
    expectOnly(discovered().az().tk().as('TK').call(), RULE, 'pass', {
      at: 'TK',
      part: 'request.headers.content-type',
    });
    const requestHeaders = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
    expectOnly(discovered().az().tk({ requestHeaders }).call(), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is an error in %s as JSON, accepted or not: RFC 6749 asks for a form', (revision) => {
    const requestBody = JSON.stringify({ grant_type: 'authorization_code', code: CODE, client_id: 'client-one-0001' });
    const requestHeaders = { 'content-type': 'application/json' };
    const log = discovered({ revision }).az().tk({ requestBody, requestHeaders }).as('TK').call();
    expectOnly(log, RULE, 'error', { at: 'TK', part: 'request.headers.content-type', party: 'client', says: 'JSON' });
  });

  test('is an error as another type, and as multipart', () => {
    const plain = discovered()
      .az()
      .tk({ requestHeaders: { 'content-type': 'text/plain' } })
      .as('TK')
      .call();
    expectOnly(plain, RULE, 'error', { at: 'TK', says: 'text/plain' });
    const body = '--x\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nauthorization_code\r\n--x--';
    const multipart = discovered()
      .az()
      .raw('POST', `${ISSUER}/token`, { status: 400 }, {}, { 'content-type': 'multipart/form-data; boundary=x' }, body);
    expectOnly(multipart.as('TK'), RULE, 'error', { at: 'TK', part: 'request.postData', says: 'multipart/form-data' });
  });

  test('is an error by GET, and with secrets in the URL', () => {
    const get = discovered()
      .az()
      .raw('GET', `${ISSUER}/token?grant_type=authorization_code&code=${CODE}`, { status: 405 })
      .as('TK');
    expectOnly(get, RULE, 'error', { at: 'TK', part: 'request.url', quoted: 'authorization_code', says: 'GET' });
    const inUrl = discovered()
      .az()
      .tk({ url: `${ISSUER}/token?client_secret=s3cret` })
      .as('TK')
      .call();
    expectOnly(inUrl, RULE, 'error', { at: 'TK', part: 'request.url', quoted: 'client_secret' });
  });

  test('is open when the recording does not say in which format it was sent', () => {
    const log = discovered()
      .az()
      .tk({ requestHeaders: { 'content-type': null } })
      .as('TK')
      .call();
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['request-headers'] });
  });

  test('says nothing of other requests at the endpoint, and without a server', () => {
    expect(judged(discovered().raw('GET', `${ISSUER}/token`), RULE)).toEqual([]);
    expect(judged(traffic().asm().raw('GET', `${ISSUER}/token?grant_type=authorization_code`), RULE)).toEqual([]);
  });
});
