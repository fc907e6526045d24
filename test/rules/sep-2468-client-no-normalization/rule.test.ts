import { describe, expect, test } from 'vitest';
import { ISSUER } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { PROMISED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'sep-2468-client-no-normalization';
const SLASH = { az: { answer: { iss: `${ISSUER}/` } } } as const;

describe(RULE, () => {
  test.each([`${ISSUER}/`, 'https://AS.example.com', 'HTTPS://as.example.com', `${ISSUER}:443`])(
    'is an error of the client that took %s for the issuer',
    (iss) => {
      for (const members of [PROMISED, {}]) {
        const log = signIn({ members, az: { answer: { iss } } });
        expectOnly(log, RULE, 'error', {
          at: 'landing',
          part: 'request.url',
          quoted: new URLSearchParams({ iss }).toString().slice(4),
          party: 'client',
          says: 'character by character',
        });
      }
    },
  );

  test.each(['2025-03-26', '2025-11-25', null] as const)('is a note when the revision is %s', (revision) => {
    expectOnly(signIn({ ...SLASH, revision }), RULE, 'note', { says: 'guidance from 2026-07-28' });
  });

  test('passes when the code was left alone and the client went on', () => {
    const log = signIn({ ...SLASH, tk: null })
      .wait(20_000)
      .az({ answer: { iss: ISSUER } })
      .tk();
    expect(judged(log, RULE).map(({ kind }) => kind)).toEqual(['pass', 'notApplicable']);
  });

  test('does not apply to the issuer itself, and says nothing of another', () => {
    expectOnly(signIn(), RULE, 'notApplicable');
    expect(judged(signIn({ az: { answer: { iss: 'https://evil.example.com' } } }), RULE)).toEqual([]);
    expect(judged(signIn({ az: { answer: { iss: `${ISSUER}/tenant` } } }), RULE)).toEqual([]);
  });

  test('is open without the metadata, the response or the token request', () => {
    expectOnly(signIn({ ...SLASH, members: null }), RULE, 'open', {
      at: 'landing',
      missing: ['authorization-server-metadata'],
    });
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-response'] });
    expectOnly(signIn({ ...SLASH, tk: null }), RULE, 'open', { at: 'landing', missing: ['token-request'] });
  });
});
