import { describe, expect, test } from 'vitest';
import { jwt, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION } from '../sessions.ts';

const RULE = 'token-response-scope-reported';
const token = (scope: string | readonly string[]) => jwt({ iss: 'https://as.example.com', scope });

describe(RULE, () => {
  test('passes an answer that names the scopes, or need not', () => {
    expectOnly(discovered().az({ scope: 'r' }).tk({ scope: 'r' }).as('TK').call(), RULE, 'pass', {
      at: 'TK',
      quoted: 'r',
    });
    expectOnly(
      discovered()
        .az({ scope: 'r w' })
        .tk({ token: token('w r') })
        .call(),
      RULE,
      'pass',
    );
    const reserved = discovered()
      .az({ scope: 'r openid offline_access' })
      .tk({ token: token('r') })
      .call();
    expectOnly(reserved, RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is an error in %s when the token says otherwise: RFC 6749 asks for it', (revision) => {
    const log = discovered({ revision })
      .az({ scope: 'r w' })
      .tk({ token: token('r') })
      .as('TK')
      .call();
    expectOnly(log, RULE, 'error', {
      at: 'TK',
      part: 'response.content',
      party: 'authorization-server',
      says: 'asked for r, w and got r',
    });
  });

  test('is a note when nothing was asked for', () => {
    expectOnly(
      discovered()
        .az()
        .tk({ token: token('r') })
        .call(),
      RULE,
      'note',
      { says: 'no scope' },
    );
  });

  test('is open for a token that cannot be read, or names scopes in its own way', () => {
    expectOnly(discovered().az({ scope: 'r' }).tk().as('TK').call(), RULE, 'open', {
      at: 'TK',
      missing: ['token-scope'],
    });
    const renamed = discovered()
      .az({ scope: 'api://server/r' })
      .tk({ token: token('r') })
      .call();
    expectOnly(renamed, RULE, 'open', { missing: ['token-scope'] });
  });

  test('is open when the sign-in was not recorded', () => {
    const log = traffic()
      .challenge()
      .prm()
      .asm()
      .tk({ token: token('r') })
      .call();
    expectOnly(log, RULE, 'open', { missing: ['authorization-request'] });
  });

  test('says nothing of a refused code exchange', () => {
    const log = discovered()
      .az({ scope: 'r' })
      .tk({ error: 'invalid_grant' })
      .call('search', { token: 'access-token-from-before' });
    expect(judged(log, RULE)).toEqual([]);
  });
});
