import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'challenge-relationship-assumed';
const CUT = { challenged: 'r beta', published: ['r', 'w'] } as const;

describe(RULE, () => {
  test('passes when the challenge is taken as it stands', () => {
    expectOnly(signIn({ ...CUT, az: { scope: 'r beta' } }), RULE, 'pass', { at: 'AZ', quoted: 'r+beta' });
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)(
    'is an error when only the common part was requested and the revision is %s',
    (revision) => {
      const log = signIn({ ...CUT, revision, az: { scope: 'r offline_access' } });
      expectOnly(log, RULE, 'error', {
        at: 'AZ',
        part: 'request.url',
        quoted: 'r+offline_access',
        party: 'client',
        says: 'beta is missing',
      });
    },
  );

  test("finds the authorization server's list too", () => {
    expectOnly(signIn({ challenged: 'r beta', published: [], az: { scope: 'r' } }), RULE, 'error', {
      says: "authorization server's scopes_supported",
    });
  });

  test('passes for a client that asks for all of the challenge, identity scopes aside', () => {
    const challenged = 'r offline_access';
    expectOnly(signIn({ challenged, published: ['r', 'w'], az: { scope: 'r offline_access' } }), RULE, 'pass');
    expect(judged(signIn({ challenged, published: ['r', 'w'], az: { scope: 'r' } }), RULE)).toEqual([]);
  });

  test('says nothing of a client that took the published list, or something else', () => {
    expect(judged(signIn({ ...CUT, az: { scope: 'r w' } }), RULE)).toEqual([]);
    expect(judged(signIn({ ...CUT, az: { scope: null } }), RULE)).toEqual([]);
    expect(judged(signIn({ challenged: 'r w', published: ['r'], members: {}, az: { scope: 'r' } }), RULE)).toEqual([]);
  });

  test('does not apply before 2025-11-25, nor when the script could not read the challenge (guard G4)', () => {
    expectOnly(signIn({ ...CUT, revision: '2025-06-18', az: { scope: 'r' } }), RULE, 'notApplicable');
    const log = traffic().call('tools/list', {
      status: 401,
      token: null,
      challenge: 'Bearer scope="r beta"',
      headers: { 'access-control-expose-headers': 'Mcp-Session-Id' },
    });
    expectOnly(
      log
        .prm({ scopes: ['r', 'w'] })
        .asm()
        .reg()
        .az({ scope: 'r' })
        .tk()
        .call('tools/list'),
      RULE,
      'notApplicable',
      { says: 'could not read' },
    );
  });

  test('is open when the header fields that would tell whether the page could read the challenge were left out', () => {
    const log = traffic()
      .call('tools/list', {
        status: 401,
        token: null,
        challenge: 'Bearer scope="r beta"',
        headers: { 'access-control-expose-headers': 'Mcp-Session-Id' },
      })
      .leftOut('origin')
      .prm({ scopes: ['r', 'w'] })
      .asm()
      .reg()
      .az({ scope: 'r' })
      .as('AZ')
      .tk()
      .call('tools/list');
    expectOnly(log, RULE, 'open', { at: 'AZ', missing: ['challenge-as-received'] });
  });

  test('is open when the metadata, the 401, the request or its parameters were not recorded', () => {
    expectOnly(signIn({ ...CUT, published: null, members: null, az: { scope: 'r' } }), RULE, 'open', {
      at: 'AZ',
      missing: ['protected-resource-metadata'],
    });
    const late = traffic()
      .prm({ scopes: ['r'] })
      .asm()
      .reg()
      .az({ scope: 'w' })
      .as('AZ')
      .tk()
      .call('tools/list');
    expectOnly(late, RULE, 'open', { at: 'AZ', missing: ['challenge'] });
    expectOnly(signIn({ ...CUT, ...UNSEEN }), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn({ ...CUT, ...SIGNED }), RULE, 'open', {
      at: 'AZ',
      missing: ['authorization-request-parameters'],
    });
  });
});
