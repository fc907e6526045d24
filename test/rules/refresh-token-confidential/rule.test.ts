import { describe, expect, test } from 'vitest';
import { ISSUER, PAGE, SERVER, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION, HOUR, RT1, signedIn } from '../sessions.ts';

const RULE = 'refresh-token-confidential';
const JSON_TYPE = { 'content-type': 'application/json' };
const post = (log: Traffic, url: string, text = `{"token":"${RT1}"}`, headers = {}) =>
  log.raw('POST', url, {}, {}, { ...JSON_TYPE, ...headers }, text).as('leak');

describe(RULE, () => {
  test('passes a refresh token that went to its issuer alone', () => {
    expectOnly(signedIn().wait(HOUR).rf({ refresh: null }).as('RF').call(), RULE, 'pass', {
      part: 'request.postData',
      at: 'RF',
    });
    expectOnly(signedIn(), RULE, 'pass', { says: 'nowhere' });
    const revoked = signedIn().raw('POST', `${ISSUER}/revoke`, {}, {}, {}, `token=${RT1}`);
    expectOnly(revoked, RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is an error in %s when it goes elsewhere', (revision) => {
    const log = post(signedIn({ revision }), 'https://analytics.example.net/collect');
    expectOnly(log, RULE, 'error', {
      at: 'leak',
      part: 'request.postData',
      party: 'client',
      says: 'analytics.example.net',
    });
  });

  test('is an error in a URL, form-encoded or not, and in a Referer', () => {
    const inUrl = signedIn()
      .raw('GET', `https://cdn.example.net/pixel?rt=${RT1.replace('-', '%2D')}`)
      .as('leak');
    expectOnly(inUrl, RULE, 'error', { at: 'leak', part: 'request.url', says: 'URL' });
    const referer = { referer: `${PAGE}/?rt=${RT1}` };
    const passedOn = signedIn().raw('GET', 'https://cdn.example.net/font', {}, {}, referer).as('leak');
    expectOnly(passedOn, RULE, 'error', { at: 'leak', part: 'request.headers.referer' });
  });

  test('is an error when it is sent to the MCP server or to a model', () => {
    const bearer = signedIn().call('search', { token: RT1 }).as('leak');
    expectOnly(bearer, RULE, 'error', {
      at: 'leak',
      part: 'request.headers.authorization',
      says: new URL(SERVER).host,
    });
    const model = signedIn()
      .model({ messages: [{ role: 'user', content: `my token is ${RT1}` }] }, { choices: [] })
      .as('leak');
    expectOnly(model, RULE, 'error', { at: 'leak', says: 'language model' });
  });

  test('is an error without TLS, save on this machine', () => {
    const bare = (issuer: string) =>
      traffic({ issuer })
        .challenge()
        .prm()
        .asm()
        .reg()
        .az()
        .tk({ refresh: RT1 })
        .call()
        .wait(HOUR)
        .rf({ refresh: null })
        .call();
    expectOnly(bare('http://as.example.com'), RULE, 'error', { says: 'TLS' });
    expectOnly(bare('http://localhost:4100'), RULE, 'pass');
  });

  test("does not mind the client's own origin, and is open for its neighbours", () => {
    expectOnly(post(signedIn(), `${PAGE}/api/storage`), RULE, 'pass');
    expectOnly(post(signedIn(), 'https://api.example.org/session'), RULE, 'open', {
      at: 'leak',
      missing: ['client-back-end'],
    });
  });

  test('leaves the endpoints of another authorization server to refresh-to-issuing-as', () => {
    const other = 'https://other-as.example.net';
    const log = signedIn().asm({ issuer: other }).rf({ issuer: other, send: RT1, error: 'invalid_grant' });
    expectOnly(log, RULE, 'pass');
  });

  test('sees in a redacted copy what it saw in the recording', () => {
    const copy = discovered().az().tk({ refresh: 'rt-1' }).call();
    expectOnly(post(copy, 'https://analytics.example.net/collect', '{"token":"rt-1"}'), RULE, 'error', { at: 'leak' });
  });

  test('says nothing without a refresh token', () => {
    expect(judged(discovered().az().tk().call(), RULE)).toEqual([]);
  });
});
