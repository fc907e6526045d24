import { describe, expect, test } from 'vitest';
import { ISSUER, jwt, SERVER, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, signedIn } from '../sessions.ts';

const RULE = 'token-from-servers-as';
const OTHER_AS = 'https://other-as.example.net';
const OTHER = 'https://two.example.com/mcp';

/** A token of another authorization server, asked for this server. */
function foreign(options: Parameters<typeof traffic>[0] = {}): Traffic {
  return traffic(options).challenge().prm().asm().asm({ issuer: OTHER_AS }).reg({ issuer: OTHER_AS });
}

describe(RULE, () => {
  test("passes a token of the server's own authorization server", () => {
    expectOnly(signedIn(), RULE, 'pass', { part: 'request.headers.authorization' });
  });

  test.each(['2025-06-18', '2025-11-25', '2026-07-28', null] as const)('is an error in %s', (revision) => {
    const log = foreign({ revision }).az({ issuer: OTHER_AS }).tk({ issuer: OTHER_AS }).call().as('M');
    const says = `${OTHER_AS} to a server whose metadata names ${ISSUER}`;
    expectOnly(log, RULE, 'error', {
      at: 'M',
      part: 'request.headers.authorization',
      quoted: 'Bearer',
      party: 'client',
      says,
    });
  });

  test('is an error for the token of another server of the same authorization server', () => {
    const log = discovered().call('search', { server: OTHER, token: null, status: 401, challenge: 'Bearer' });
    log
      .prm({ server: OTHER })
      .az({ resource: OTHER })
      .tk({ resource: OTHER })
      .call('search', { server: OTHER })
      .call()
      .as('M');
    expect(judged(log, RULE).map(({ subject, level }) => `${subject} ${level}`)).toEqual([
      `${OTHER} none`,
      `${SERVER} error`,
    ]);
  });

  test('passes a token whose audience names both servers', () => {
    const token = jwt({ aud: [SERVER, OTHER] });
    const log = discovered().call('search', { server: OTHER, token: null, status: 401, challenge: 'Bearer' });
    log
      .prm({ server: OTHER })
      .az({ resource: OTHER })
      .tk({ resource: OTHER, token })
      .call('search', { server: OTHER })
      .call();
    expect(judged(log, RULE).map(verdictOf)).toEqual(['pass', 'pass']);
  });

  test('is open where the older HTTP+SSE transport takes messages, at the same origin', () => {
    const messages = 'https://mcp.example.com/messages?sessionId=0123';
    const answer = { server: messages, status: 202, body: 'Accepted', mimeType: 'text/plain' };
    for (const token of ['opaque-token-of-the-stream-01', jwt({ aud: SERVER })]) {
      const log = discovered({ revision: '2025-11-25' }).az({ scope: 'r' }).tk({ scope: 'r', token }).call('GET');
      log.call('initialize', answer).as('message').call('search', answer);
      expect(judged(log, RULE).map(verdictOf)).toEqual(['pass', 'open']);
      expect(judged(log, 'token-audience-mismatch').filter(({ kind }) => kind === 'fail')).toEqual([]);
    }
  });

  test('leaves out what the browser itself sent elsewhere (HSTS)', () => {
    const hsts = { status: 307, headers: { location: SERVER, 'Non-Authoritative-Reason': 'HSTS' }, body: '' };
    const log = signedIn()
      .call('search', { server: SERVER.replace('https', 'http'), ...hsts })
      .call('search');
    expect(judged(log, RULE).map(verdictOf)).toEqual(['pass']);
  });

  test('goes by the metadata fetched last before the call', () => {
    const moved = signedIn()
      .call()
      .prm({ issuers: [OTHER_AS] })
      .call('search')
      .as('M');
    expectOnly(moved, RULE, 'error', { at: 'M' });
    expectOnly(
      signedIn()
        .call()
        .prm({ issuers: [OTHER_AS] }),
      RULE,
      'pass',
    );
  });

  test('knows nothing of what another tab read meanwhile', () => {
    const moved = (tab: string) => {
      const log = traffic().onPage('one').challenge().prm().asm().reg().az().tk().call();
      const { token } = log;
      log
        .onPage(tab)
        .prm({ issuers: [OTHER_AS] })
        .asm({ issuer: OTHER_AS });
      return judged(log.onPage('one').call('search', { token }), RULE).map(verdictOf);
    };
    expect(moved('one')).toEqual(['error']);
    expect(moved('two')).toEqual(['pass']);
  });

  test('leaves metadata with another issuer to its own rule', () => {
    const log = traffic()
      .challenge()
      .prm()
      .asm({ members: { issuer: `${ISSUER}/tenant` } })
      .reg()
      .az()
      .tk()
      .call();
    expectOnly(log, RULE, 'pass');
  });

  test('is open without the metadata of the server, or of the authorization server', () => {
    const unnamed = traffic().challenge().asm().reg().az().tk().call();
    expectOnly(unnamed, RULE, 'open', { missing: ['protected-resource-metadata'] });
    const unknown = traffic().challenge().prm().az({ issuer: OTHER_AS }).tk({ issuer: OTHER_AS }).call();
    expectOnly(unknown, RULE, 'open', { missing: ['authorization-server-metadata'] });
  });

  test('does not apply in 2025-03-26', () => {
    expectOnly(signedIn({ revision: '2025-03-26' }), RULE, 'notApplicable');
  });

  test('says nothing of a token whose issue was not recorded', () => {
    expect(judged(traffic().prm().call('search', { token: 'from-before-the-log-0123' }), RULE)).toEqual([]);
  });
});
