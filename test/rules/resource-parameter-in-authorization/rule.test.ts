import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'resource-parameter-in-authorization';
const WITHOUT = { az: { resource: null } } as const;

describe(RULE, () => {
  test('passes when a resource is named', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'AZ', quoted: 'https%3A%2F%2Fmcp.example.com%2Fmcp' });
  });

  test.each(['2025-06-18', '2025-11-25', '2026-07-28', null] as const)(
    'is an error without one when the revision is %s',
    (revision) => {
      expectOnly(signIn({ revision, ...WITHOUT }), RULE, 'error', {
        at: 'AZ',
        part: 'request.url',
        quoted: null,
        party: 'client',
        says: 'no resource',
      });
    },
  );

  test('holds without protected resource metadata too', () => {
    const log = traffic()
      .challenge()
      .asm()
      .reg()
      .az({ resource: null })
      .as('AZ')
      .tk({ resource: null })
      .call('tools/list');
    expectOnly(log, RULE, 'error', { at: 'AZ' });
  });

  test('does not apply in 2025-03-26, which has no such parameter', () => {
    expectOnly(signIn({ revision: '2025-03-26', ...WITHOUT }), RULE, 'notApplicable');
  });

  test('is open when the request, or its parameters, were not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });

  test('says nothing of a sign-in for no MCP server (guard G21)', () => {
    expect(judged(traffic().asm().reg().az({ resource: null }).tk({ resource: null }), RULE)).toEqual([]);
  });
});
