import { describe, expect, test } from 'vitest';
import { findRule } from '../../../src/rules/registry.ts';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'scope-from-www-authenticate';

describe(RULE, () => {
  test('is known by its other name too', () => {
    expect(findRule('scope-step-up-initial')?.id).toBe(RULE);
  });

  test('passes when the challenged scopes were requested, with others beside them too', () => {
    expectOnly(signIn({ challenged: 'r w', az: { scope: 'r w' } }), RULE, 'pass', { at: 'AZ', quoted: 'r+w' });
    expectOnly(signIn({ published: ['r', 'w'], az: { scope: 'w r offline_access' } }), RULE, 'pass');
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)(
    'is a warning when others were requested and the revision is %s',
    (revision) => {
      const log = signIn({ revision, az: { scope: 'w' }, tk: { scope: 'w' } });
      expectOnly(log, RULE, 'warning', {
        at: 'AZ',
        part: 'request.url',
        quoted: 'w',
        party: 'client',
        says: 'challenged for r',
      });
      expect(judged(log, RULE)[0]?.evidence[1]).toMatchObject({
        entry: log.entry('401'),
        part: 'response.headers.www-authenticate',
      });
    },
  );

  test('is a warning when none was requested, and a note when they were granted all the same', () => {
    expectOnly(signIn({ az: { scope: null }, tk: { scope: null } }), RULE, 'warning', { at: 'AZ', quoted: null });
    expectOnly(signIn({ az: { scope: null }, tk: { scope: 'r' } }), RULE, 'note', {
      says: 'granted them all the same',
    });
  });

  test('is a note when a broader scope may cover it, and a warning once a call was refused for want of it', () => {
    const broad = { challenged: 'files:read', az: { scope: 'files' }, tk: { scope: 'files' } } as const;
    expectOnly(signIn(broad), RULE, 'note', { says: 'broader' });
    expectOnly(signIn(broad).forbidden('files:read'), RULE, 'warning', {
      says: 'a later call was refused for want of files:read',
    });
  });

  test('does not apply before 2025-11-25, unless somebody was harmed', () => {
    const older = { revision: '2025-06-18', az: { scope: 'w' }, tk: { scope: 'w' } } as const;
    expectOnly(signIn(older), RULE, 'notApplicable', { says: '2025-06-18' });
    expectOnly(signIn(older).forbidden('r'), RULE, 'warning', { says: 'guidance from 2025-11-25' });
  });

  test('does not apply when the script could not read the challenge (guard G4)', () => {
    const log = traffic().call('tools/list', {
      status: 401,
      token: null,
      challenge: 'Bearer scope="r"',
      headers: { 'access-control-expose-headers': 'Mcp-Session-Id' },
    });
    expectOnly(log.prm().asm().reg().az({ scope: 'w' }).tk().call('tools/list'), RULE, 'notApplicable', {
      says: 'could not read',
    });
  });

  test('is open when the header fields that would tell whether the page could read the challenge were left out', () => {
    const log = (scope: string) =>
      traffic()
        .call('tools/list', {
          status: 401,
          token: null,
          challenge: 'Bearer scope="r"',
          headers: { 'access-control-expose-headers': 'Mcp-Session-Id' },
        })
        .leftOut('origin')
        .prm()
        .asm()
        .reg()
        .az({ scope })
        .as('AZ')
        .tk()
        .call('tools/list');
    expectOnly(log('w'), RULE, 'open', { at: 'AZ', missing: ['challenge-as-received'] });
    expectOnly(log('r'), RULE, 'pass');
  });

  test('leaves the cut to the published scopes, and a challenge without scopes, to other rules', () => {
    expect(judged(signIn({ challenged: 'r b', published: ['r', 'w'], az: { scope: 'r' } }), RULE)).toEqual([]);
    expect(judged(signIn({ challenged: null }), RULE)).toEqual([]);
  });

  test('judges the first request only', () => {
    expectOnly(signIn().forbidden('w').az({ scope: 'w' }).tk({ scope: 'w' }), RULE, 'pass', { at: 'AZ' });
  });

  test('is open when the 401, the request or its parameters were not recorded', () => {
    const log = traffic()
      .prm({ scopes: ['r'] })
      .asm()
      .reg()
      .az({ scope: 'w' })
      .as('AZ')
      .tk()
      .call('tools/list');
    expectOnly(log, RULE, 'open', { at: 'AZ', missing: ['challenge'] });
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
