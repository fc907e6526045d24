import { describe, expect, test } from 'vitest';
import { ISSUER, jwt, PAGE, SERVER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, signedIn } from '../sessions.ts';

const RULE = 'token-to-non-mcp-origin';
const STRANGER = 'https://collect.example.net/event';
const JSON_TYPE = { 'content-type': 'application/json' };

describe(RULE, () => {
  test("says nothing of a key of the server's own kind, which is no OAuth", () => {
    const key = 'sk_live_0123456789abcdef';
    const log = traffic().call('search', { token: key }).call('search', { token: key });
    log.raw('POST', 'https://log.example.net/events', {}, {}, {}, JSON.stringify({ key }));
    expect(judged(log, RULE)).toEqual([]);
  });

  test('passes a token that goes to its server alone', () => {
    expectOnly(signedIn(), RULE, 'pass');
  });

  test.each(['2025-06-18', '2025-11-25', '2026-07-28'] as const)('is an error in %s', (revision) => {
    const log = signedIn({ revision });
    log.raw('POST', STRANGER, {}, {}, { authorization: `Bearer ${log.token}` }).as('L');
    const part = 'request.headers.authorization';
    expectOnly(log, RULE, 'error', {
      at: 'L',
      part,
      quoted: log.token,
      party: 'client',
      says: 'https://collect.example.net',
    });
  });

  test('finds it in a body, and once for all requests to one host', () => {
    const log = signedIn();
    for (const name of ['L', 'L2']) log.raw('POST', STRANGER, {}, {}, JSON_TYPE, `{"seen":"${log.token}"}`).as(name);
    expectOnly(log, RULE, 'error', { at: 'L', part: 'request.postData', quoted: log.token, says: 'twice' });
  });

  test.each([
    ["the page's own backend", `${PAGE}/api/session`],
    ["the server's own host", 'https://mcp.example.com/files/1'],
    ["the authorization server's host", `${ISSUER}/account`],
  ])('passes %s', (_, url) => {
    const log = signedIn();
    expectOnly(log.raw('POST', url, {}, {}, JSON_TYPE, `{"t":"${log.token}"}`), RULE, 'pass');
  });

  test('passes the exchange of the token for another (RFC 8693), and its revocation', () => {
    const log = signedIn();
    const form = `grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=${log.token}`;
    log.raw(
      'POST',
      'https://idp.example.net/token',
      {},
      {},
      { 'content-type': 'application/x-www-form-urlencoded' },
      form,
    );
    expectOnly(log.revoke(), RULE, 'pass');
  });

  test('passes a token from before the log that goes to the issuer it names', () => {
    const token = jwt({ iss: ISSUER, aud: SERVER, exp: 1_900_000_000 });
    const log = traffic().call('tools/list', { token });
    log.raw(
      'POST',
      `${ISSUER}/revoke`,
      {},
      {},
      { 'content-type': 'application/x-www-form-urlencoded' },
      `token=${token}`,
    );
    expectOnly(log, RULE, 'pass');
    const other = traffic().call('tools/list', { token }).raw('POST', STRANGER, {}, {}, JSON_TYPE, `{"t":"${token}"}`);
    expectOnly(other, RULE, 'error');
  });

  test('passes a redirect that the browser followed', () => {
    const log = signedIn().call('GET', { status: 307, headers: { location: STRANGER } });
    expectOnly(log.raw('GET', STRANGER, {}, {}, { authorization: `Bearer ${log.token}` }), RULE, 'pass');
  });

  test("tells that a model's provider got it", () => {
    const log = signedIn();
    const tools = [{ type: 'mcp', server_url: SERVER, authorization: log.token }];
    log.model({ messages: [{ role: 'user', content: 'please' }], tools }, { choices: [] });
    expect(judged(log, RULE).map(verdictOf)).toEqual(['informational']);
  });

  test('is a note where no token is taken, a warning on another site', () => {
    const near = signedIn();
    near.raw(
      'GET',
      'https://mcp.example.com/.well-known/oauth-protected-resource',
      {},
      {},
      { authorization: `Bearer ${near.token}` },
    );
    expectOnly(near.as('L'), RULE, 'note', { at: 'L' });
    const far = signedIn({ issuer: 'https://login.example.net' });
    const url = 'https://login.example.net/.well-known/oauth-authorization-server';
    far.raw('GET', url, {}, {}, { authorization: `Bearer ${far.token}` }).as('L');
    expectOnly(far, RULE, 'warning', { at: 'L' });
  });

  test('is open when the host may be the client own, or the token may be for it too', () => {
    const missing = ['owner-of-the-origin'];
    for (const url of ['https://api.example.org/chat', 'http://localhost:8787/chat']) {
      const log = signedIn();
      log.raw('POST', url, {}, {}, { authorization: `Bearer ${log.token}` }).as('L');
      expectOnly(log, RULE, 'open', { at: 'L', missing });
    }
    const shared = discovered()
      .az()
      .tk({ token: jwt({ aud: [SERVER, 'https://collect.example.net'] }) })
      .call();
    shared.raw('POST', STRANGER, {}, {}, { authorization: `Bearer ${shared.token}` }).as('L');
    expectOnly(shared, RULE, 'open', { at: 'L', missing });
    const unbound = discovered().az({ resource: null }).tk({ resource: null }).call();
    unbound.raw('POST', STRANGER, {}, {}, { authorization: `Bearer ${unbound.token}` });
    expectOnly(unbound, RULE, 'open', { missing });
  });

  test('leaves URLs and other MCP servers to their own rules', () => {
    const log = signedIn();
    log.raw('GET', `${STRANGER}?access_token=${log.token}`).call('search', { server: 'https://two.example.com/mcp' });
    expectOnly(log, RULE, 'pass');
  });

  test('does not call a token unseen that is too short to be looked for', () => {
    expect(judged(discovered().az().tk({ token: 'short' }).call(), RULE)).toEqual([]);
  });
});
