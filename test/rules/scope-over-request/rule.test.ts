import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'scope-over-request';

describe(RULE, () => {
  test('passes challenged, published and identity scopes', () => {
    expectOnly(signIn({ published: ['w'], az: { scope: 'r w openid offline_access' } }), RULE, 'pass', { at: 'AZ' });
    expectOnly(signIn({ challenged: null, published: ['r', 'w'] }), RULE, 'pass');
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)(
    'is a warning beyond them when the revision is %s',
    (revision) => {
      const log = signIn({ revision, az: { scope: 'r admin' } });
      expectOnly(log, RULE, 'warning', {
        at: 'AZ',
        part: 'request.url',
        quoted: 'r+admin',
        party: 'client',
        says: 'admin as well',
      });
    },
  );

  test('says so when it is all that the authorization server lists', () => {
    expectOnly(signIn({ az: { scope: 'r w' } }), RULE, 'warning', { says: 'all that the authorization server lists' });
  });

  test('does not apply before 2025-11-25', () => {
    expectOnly(signIn({ revision: '2025-06-18', az: { scope: 'r admin' } }), RULE, 'notApplicable');
  });

  test('judges the first request only: a renewed one holds the earlier scopes', () => {
    expectOnly(signIn().forbidden('w').az({ scope: 'r w x' }).tk({ scope: 'r w x' }), RULE, 'pass', { at: 'AZ' });
  });

  test('says nothing without a scope, or where nobody names one', () => {
    expect(judged(signIn({ az: { scope: null } }), RULE)).toEqual([]);
    expect(judged(signIn({ challenged: null, published: [], az: { scope: 'admin' } }), RULE)).toEqual([]);
  });

  test('is open when the 401 or the metadata, which may name it, were not recorded', () => {
    const late = traffic()
      .prm({ scopes: ['r'] })
      .asm()
      .reg()
      .az({ scope: 'w' })
      .as('AZ')
      .tk()
      .call('tools/list');
    expectOnly(late, RULE, 'open', { at: 'AZ', missing: ['challenge'] });
    expectOnly(signIn({ published: null, az: { scope: 'w' } }), RULE, 'open', {
      at: 'AZ',
      missing: ['protected-resource-metadata'],
    });
  });

  test('is open when the request, or its parameters, were not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
