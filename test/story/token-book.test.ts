import { describe, expect, it } from 'vitest';
import { isSecret } from '../../src/story/token-book.ts';
import { ISSUER, jwt, traffic } from '../traffic/traffic.ts';
import { tell } from './story.ts';

describe('a secret', () => {
  it.each([
    '',
    ' ',
    'undefined',
    'null',
    '[object Object]',
    '[REDACTED]',
    '[Redacted]',
    'REDACTED',
    '<redacted>',
    '***',
    '*'.repeat(64),
    '•••',
  ])('is not the placeholder %j', (value) => expect(isSecret(value)).toBe(false));
  it.each(['at-1', 'x', '[REDACTED', '**a**', '\ud800', 'null-token'])('is any other text: %j', (value) =>
    expect(isSecret(value)).toBe(true),
  );
  it('is not nothing', () => expect(isSecret(null)).toBe(false));
});

describe('tokens', () => {
  it('are named by kind in order of appearance, with grant and uses', () => {
    const log = traffic()
      .call('search', { token: 'from-before-01234' })
      .prm()
      .asm()
      .az({ scope: 'r' })
      .tk({ scope: 'r', refresh: 'rt-one-0123456789' })
      .call()
      .rf()
      .call()
      .call();
    expect(tell(log).tokens.map(({ id, grant, uses, scope }) => [id, grant?.id ?? null, uses, scope])).toEqual([
      ['at-1', null, [0], null],
      ['at-2', 'g1', [6], ['r']],
      ['rt-1', 'g1', [7], null],
      ['at-3', 'g1', [8, 9], null],
      ['rt-2', 'g1', [], null],
    ]);
  });
  it('expire as they say themselves, else as their response says', () => {
    const exp = Date.parse('2026-11-02T10:00:00Z');
    const token = jwt({ iss: ISSUER, exp: exp / 1000 });
    const story = tell(traffic().prm().asm().az().tk({ token }).call().az().tk({ expiresIn: 60 }).call());
    expect(story.tokens[0]?.expiresAt).toBe(exp);
    expect(story.tokens[1]?.expiresAt).toBe((story.tokens[1]?.issuedBy?.exchange.answered ?? 0) + 60_000);
  });
  it('of a response that was not recorded belong to the grant that their claims name, and to no other', () => {
    const log = traffic().call('search', { token: null }).prm().asm().az({ scope: 'r' });
    const issuedAt = Date.parse('2026-11-02T09:00:00Z') / 1000;
    const form = 'grant_type=authorization_code&code=code-1-abcdefghijklmnop&client_id=client-one-0001';
    log.raw(
      'POST',
      `${ISSUER}/token`,
      { status: 200 },
      {},
      { 'content-type': 'application/x-www-form-urlencoded' },
      form,
    );
    log.call('search', { token: jwt({ iss: ISSUER, client_id: 'client-one-0001', iat: issuedAt }) });
    log.call('search', { token: jwt({ iss: ISSUER, client_id: 'client-two-0002', iat: issuedAt }) });
    log.call('search', { token: 'opaque-token-01234567' });
    expect(tell(log).tokens.map(({ grant }) => grant?.id ?? null)).toEqual(['g1', null, null]);
  });
});
