import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { ASM, get, issuer, OPENID } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'sep-2468-client-validate-metadata-issuer';
const WRONG = issuer({ issuer: 'https://attacker.example.net' });
const misled = (revision: '2025-06-18' | '2026-07-28' = '2026-07-28') =>
  get(traffic({ revision }).challenge().prm(), ASM, WRONG).as('ASM');

describe(RULE, () => {
  test('passes a sign-in by metadata of the issuer that was named', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'client' });
  });

  test('is an error when the client registers by it', () => {
    expectOnly(misled().reg().as('REG'), RULE, 'error', {
      at: 'REG',
      part: 'request.url',
      party: 'client',
      says: 'attacker.example.net',
    });
  });

  test('is an error when the client sends the user to sign in by it', () => {
    expectOnly(misled().az().as('AZ').tk().call(), RULE, 'error', { at: 'AZ' });
  });

  test('is an error when the request was out of sight and the code exchange was not', () => {
    expectOnly(misled().tk().as('TK').call(), RULE, 'error', { at: 'TK' });
  });

  test('is a note before 2025-11-25', () => {
    expectOnly(misled('2025-06-18').reg().az().tk().call(), RULE, 'note', { says: '2025-11-25' });
  });

  test('is open when no use of it is in the log', () => {
    expectOnly(misled(), RULE, 'open', { at: 'ASM', missing: ['authorization-request'] });
  });

  test('does not count endpoints that good metadata gives too', () => {
    const log = get(misled(), OPENID, issuer()).reg().az().tk().call();
    expect(
      judged(log, RULE)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['open', 'pass']);
  });

  test('says nothing of a slash at the end', () => {
    expect(
      judged(
        get(traffic().challenge().prm(), ASM, issuer({ issuer: 'https://as.example.com/' }))
          .reg()
          .az(),
        RULE,
      ),
    ).toEqual([]);
  });
});
