import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'scope-omitted-when-undefined';
const NOTHING = { challenged: null, published: [] } as const;

describe(RULE, () => {
  test('passes without a scope, and with those about the user and the session', () => {
    expectOnly(signIn({ ...NOTHING, az: { scope: null } }), RULE, 'pass', { at: 'AZ', quoted: null });
    expectOnly(signIn({ ...NOTHING, az: { scope: 'openid offline_access' } }), RULE, 'pass');
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)(
    'is a warning with another scope when the revision is %s',
    (revision) => {
      const log = signIn({ ...NOTHING, revision, az: { scope: 'admin' } });
      expectOnly(log, RULE, 'warning', {
        at: 'AZ',
        part: 'request.url',
        quoted: 'admin',
        party: 'client',
        says: 'requested admin',
      });
    },
  );

  test("says where they came from when it was the authorization server's list", () => {
    expectOnly(signIn({ ...NOTHING, az: { scope: 'r w' } }), RULE, 'warning', { says: 'lists for all its clients' });
  });

  test('does not apply before 2025-11-25', () => {
    expectOnly(signIn({ ...NOTHING, revision: '2025-06-18' }), RULE, 'notApplicable');
  });

  test('says nothing when the 401 or the metadata names a scope', () => {
    expect(judged(signIn({ published: [], az: { scope: 'w' } }), RULE)).toEqual([]);
    expect(judged(signIn({ challenged: null, az: { scope: 'w' } }), RULE)).toEqual([]);
  });

  test('is open when the metadata, the request or its parameters were not recorded', () => {
    expectOnly(signIn({ challenged: null, published: null }), RULE, 'open', {
      at: 'AZ',
      missing: ['protected-resource-metadata'],
    });
    expectOnly(signIn({ ...NOTHING, ...UNSEEN }), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn({ ...NOTHING, ...SIGNED }), RULE, 'open', {
      at: 'AZ',
      missing: ['authorization-request-parameters'],
    });
  });
});
