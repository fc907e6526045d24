import { describe, expect, test } from 'vitest';
import { ISSUER } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { PROMISED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'sep-2468-client-compare-iss-supported';
const EVIL = 'https://evil.example.com';
const members = PROMISED;
const foreign = { members, az: { answer: { iss: EVIL } } } as const;

describe(RULE, () => {
  test('passes when the response names the issuer', () => {
    expectOnly(signIn({ members }), RULE, 'pass', { at: 'landing', quoted: 'https%3A%2F%2Fas.example.com' });
  });

  test('is an error of the client that redeemed the code of a response from elsewhere', () => {
    const log = signIn(foreign);
    expectOnly(log, RULE, 'error', {
      at: 'landing',
      part: 'request.url',
      quoted: 'https%3A%2F%2Fevil.example.com',
      party: 'client',
      says: EVIL,
    });
    expect(judged(log, RULE)[0]?.evidence.map(({ entry }) => entry)).toEqual([
      log.entry('landing'),
      log.entry('TK'),
      log.entry('ASM'),
    ]);
  });

  test.each(['2025-03-26', '2025-06-18', '2025-11-25', null] as const)(
    'is a note when the revision is %s',
    (revision) => {
      expectOnly(signIn({ ...foreign, revision }), RULE, 'note', { says: 'guidance from 2026-07-28' });
    },
  );

  test('passes when the code was left alone and the client went on, else nobody knows', () => {
    const leftAlone = signIn({ ...foreign, tk: null })
      .wait(20_000)
      .az({ answer: { iss: ISSUER } })
      .tk();
    expect(judged(leftAlone, RULE).map(({ kind }) => kind)).toEqual(['pass', 'pass']);
    expectOnly(signIn({ ...foreign, tk: null }), RULE, 'open', { at: 'landing', missing: ['token-request'] });
  });

  test('leaves differences in spelling, a missing iss and the other promise to other rules', () => {
    expect(judged(signIn({ members, az: { answer: { iss: `${ISSUER}/` } } }), RULE)).toEqual([]);
    expect(judged(signIn({ members, az: { answer: { iss: null } } }), RULE)).toEqual([]);
    expect(judged(signIn({ ...foreign, members: {} }), RULE)).toEqual([]);
  });

  test('is open without the metadata or the response', () => {
    expectOnly(signIn({ ...foreign, members: null }), RULE, 'open', {
      at: 'landing',
      missing: ['authorization-server-metadata'],
    });
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-response'] });
  });
});
