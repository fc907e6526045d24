import { describe, expect, test } from 'vitest';
import { ISSUER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered } from '../sessions.ts';

const RULE = 'code-sent-to-issuing-as';
const OTHER = 'https://other-as.example.net';

describe(RULE, () => {
  test('passes a code that goes where it came from', () => {
    expectOnly(discovered().az().tk().as('TK').call(), RULE, 'pass', { at: 'TK', part: 'request.url' });
  });

  test("passes a token endpoint on another host that the issuer's own metadata lists", () => {
    const members = { token_endpoint: 'https://tokens.example.net/oauth/token' };
    const log = traffic().challenge({ scope: 'r' }).prm().asm({ members }).reg().az();
    expectOnly(log.tk({ url: members.token_endpoint }).call(), RULE, 'pass');
  });

  test('is an error from 2026-07-28 on, and a warning before: the other server has the code', () => {
    for (const [revision, level] of [
      ['2026-07-28', 'error'],
      ['2025-11-25', 'warning'],
      [null, 'warning'],
    ] as const) {
      const log = discovered({ revision }).asm({ issuer: OTHER }).az().tk({ issuer: OTHER }).as('TK').call();
      expectOnly(log, RULE, level, {
        at: 'TK',
        part: 'request.url',
        party: 'client',
        says: `${ISSUER} and sent to ${OTHER}`,
      });
    }
  });

  test('is a note before 2026-07-28 when nobody answered', () => {
    const log = discovered({ revision: '2025-11-25' }).asm({ issuer: OTHER }).az().tk({ issuer: OTHER, status: 0 });
    expectOnly(log.call('search', { token: 'access-token-from-before' }), RULE, 'note', { says: '2026-07-28' });
  });

  test('is open while nobody knows whose endpoint it is', () => {
    const log = traffic().challenge({ scope: 'r' }).prm().az().tk().as('TK').call();
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['authorization-server-metadata'] });
    expectOnly(discovered().az().tk({ issuer: OTHER }).call(), RULE, 'open', {
      missing: ['authorization-server-metadata'],
    });
  });

  test('says nothing when the sign-in was not recorded', () => {
    expect(judged(traffic().challenge().prm().asm().tk().call(), RULE)).toEqual([]);
  });
});
