import { describe, test } from 'vitest';
import { SERVER } from '../../traffic/traffic.ts';
import { expectOnly } from '../judged.ts';
import { discovered, EVERY_REVISION, signedIn } from '../sessions.ts';

const RULE = 'bearer-header-used';

describe(RULE, () => {
  test('passes the header', () => {
    expectOnly(signedIn(), RULE, 'pass', { part: 'request.headers.authorization' });
  });

  test.each(EVERY_REVISION)('is an error for a header of its own in %s', (revision) => {
    const log = signedIn({ revision });
    log.call('search', { token: null, requestHeaders: { 'X-Access-Token': log.token } }).as('M');
    const part = 'request.headers.x-access-token';
    expectOnly(log, RULE, 'error', { at: 'M', part, quoted: log.token, party: 'client', says: 'x-access-token' });
  });

  test('is an error for another scheme, a cookie, a form', () => {
    const scheme = signedIn();
    scheme.call('search', { token: null, requestHeaders: { authorization: `token ${scheme.token}` } }).as('M');
    expectOnly(scheme, RULE, 'error', { at: 'M', part: 'request.headers.authorization', says: 'another scheme' });
    const bare = signedIn();
    bare.call('search', { token: null, requestHeaders: { authorization: bare.token } }).as('M');
    expectOnly(bare, RULE, 'error', { at: 'M', says: 'without a scheme' });
    const cookie = signedIn();
    cookie.call('search', { token: null, requestHeaders: { cookie: `a=b; t=${cookie.token}` } }).as('M');
    expectOnly(cookie, RULE, 'error', { at: 'M', says: 'a cookie' });
    const form = signedIn();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    form.raw('POST', SERVER, {}, {}, headers, `access_token=${form.token}`).as('M');
    expectOnly(form, RULE, 'error', { at: 'M', part: 'request.postData', says: 'the body' });
  });

  test('passes a cookie beside the header, a leg to a proxy, an argument of a tool', () => {
    const log = signedIn();
    log.call('search', { requestHeaders: { cookie: `t=${log.token}` } });
    log.call('search', { token: null, requestHeaders: { 'x-mcp-proxy-auth': log.token } });
    log.call('search', { token: null, requestHeaders: { 'mcp-param-note': log.token } });
    log.call('search', { args: { token: log.token } });
    expectOnly(log, RULE, 'pass');
  });

  test('is open when the recording was stripped of its headers', () => {
    const log = discovered().az().tk().forget().call('search', { token: null });
    expectOnly(log, RULE, 'open', { missing: ['authorization-header'] });
  });
});
