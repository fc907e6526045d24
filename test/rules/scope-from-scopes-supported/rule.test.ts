import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'scope-from-scopes-supported';
const LIST = { challenged: null, published: ['r', 'w'] } as const;

describe(RULE, () => {
  test('passes when all published scopes were requested, offline_access aside', () => {
    expectOnly(signIn({ ...LIST, az: { scope: 'r w' } }), RULE, 'pass', { at: 'AZ', quoted: 'r+w' });
    expectOnly(signIn({ ...LIST, published: ['r', 'offline_access'] }), RULE, 'pass');
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)(
    'is a warning when none was requested and the revision is %s',
    (revision) => {
      const log = signIn({ ...LIST, revision, az: { scope: null }, tk: { scope: null } });
      expectOnly(log, RULE, 'warning', { at: 'AZ', part: 'request.url', party: 'client', says: 'publishes r, w' });
      expect(judged(log, RULE)[0]?.evidence[1]?.entry).toBe(log.entry('PRM'));
    },
  );

  test('is a note when the client asked for less, and a warning when that was too little', () => {
    expectOnly(signIn(LIST), RULE, 'note', { at: 'AZ', quoted: 'r' });
    expectOnly(signIn(LIST).forbidden('w'), RULE, 'warning', { says: 'refused for want of w' });
    expectOnly(signIn({ ...LIST, az: { scope: 'r x' } }), RULE, 'warning');
  });

  test('does not apply before 2025-11-25', () => {
    expectOnly(signIn({ ...LIST, revision: '2025-06-18' }), RULE, 'notApplicable');
  });

  test('says nothing when the 401 names scopes, or the metadata none', () => {
    expect(judged(signIn({ published: ['r', 'w'] }), RULE)).toEqual([]);
    expect(judged(signIn({ challenged: null, published: [] }), RULE)).toEqual([]);
  });

  test('is open when the metadata, the 401 or its headers were not recorded', () => {
    expectOnly(signIn({ challenged: null, published: null }), RULE, 'open', {
      at: 'AZ',
      missing: ['protected-resource-metadata'],
    });
    const late = traffic()
      .prm({ scopes: ['r'] })
      .asm()
      .reg()
      .az()
      .as('AZ')
      .tk()
      .call('tools/list');
    expectOnly(late, RULE, 'open', { at: 'AZ', missing: ['challenge'] });
    const bare = traffic()
      .call('tools/list', { status: 401, token: null })
      .withoutResponseHeaders()
      .prm({ scopes: ['r'] });
    expectOnly(bare.asm().reg().az().as('AZ').tk().call('tools/list'), RULE, 'open', {
      at: 'AZ',
      missing: ['response-headers'],
    });
  });

  test('is open when the request, or its parameters, were not recorded', () => {
    expectOnly(signIn({ ...LIST, ...UNSEEN }), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn({ ...LIST, ...SIGNED }), RULE, 'open', {
      at: 'AZ',
      missing: ['authorization-request-parameters'],
    });
  });
});
