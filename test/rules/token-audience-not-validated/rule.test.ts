import { describe, expect, test } from 'vitest';
import { jwt, SERVER, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered } from '../sessions.ts';

const RULE = 'token-audience-not-validated';
const TWO = 'https://two.example.com/mcp';
const FOR_ONE = jwt({ aud: SERVER });
const GRAPH = jwt({ aud: 'https://graph.microsoft.com' });
const REFUSED = { status: 401, challenge: 'Bearer error="invalid_token"' } as const;

/** Signed in at the first server; the second refuses calls without a token. */
function both(options: Parameters<typeof discovered>[0] = {}): Traffic {
  const log = discovered(options).az().tk({ token: FOR_ONE }).call();
  return log.call('search', { server: TWO, token: null, status: 401, challenge: 'Bearer' }).prm({ server: TWO });
}

describe(RULE, () => {
  test('passes a server that refuses the token of another', () => {
    expectOnly(
      both()
        .call('search', { server: TWO, ...REFUSED })
        .as('M'),
      RULE,
      'pass',
      { at: 'M' },
    );
  });

  test.each(['2025-06-18', '2025-11-25', '2026-07-28', null] as const)('is an error to accept it in %s', (revision) => {
    const log = both({ revision }).call('search', { server: TWO }).as('M');
    expectOnly(log, RULE, 'error', { at: 'M', part: 'response.status', party: 'server', says: 'another MCP server' });
    expect(judged(log, RULE)[0]?.subject).toBe(TWO);
  });

  test('is a warning to accept the token of a well-known interface', () => {
    const log = traffic().challenge().call('tools/list', { token: GRAPH }).as('M');
    expectOnly(log, RULE, 'warning', { at: 'M', says: 'may pass it on' });
  });

  test('is open when nothing shows that the server asks for a token', () => {
    const log = traffic().call('tools/list', { token: GRAPH }).as('M');
    expectOnly(log, RULE, 'open', { at: 'M', missing: ['refusal-without-token'] });
  });

  test('says nothing of endpoints that are one resource, of other identifiers, of opaque tokens', () => {
    const gateway = discovered()
      .az()
      .tk({ token: jwt({ aud: 'https://gw.example.com' }) });
    for (const server of ['https://gw.example.com/a', 'https://gw.example.com/b']) gateway.call('search', { server });
    expect(judged(gateway, RULE)).toEqual([]);
    const named = discovered()
      .az()
      .tk({ token: jwt({ aud: 'https://my-api.example' }) })
      .call();
    expect(judged(named, RULE)).toEqual([]);
    expect(judged(discovered().az().tk().call(), RULE)).toEqual([]);
  });

  test('says nothing in 2025-03-26', () => {
    const log = traffic({ revision: '2025-03-26' }).call('initialize', { token: null }).challenge();
    expect(judged(log.call('tools/list', { token: GRAPH }), RULE)).toEqual([]);
  });
});
