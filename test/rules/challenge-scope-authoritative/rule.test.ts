import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { granted, renewed } from '../sessions.ts';
import { PUSHED_UNSEEN } from '../sign-ins.ts';

const RULE = 'challenge-scope-authoritative';
const HIDDEN = { headers: { 'access-control-expose-headers': 'Mcp-Session-Id' } } as const;

describe(RULE, () => {
  test('passes when every challenged scope is requested, after a 403 or a 401', () => {
    expectOnly(renewed(granted('r').forbidden('w x'), 'w x'), RULE, 'pass', { at: 'AZ', quoted: 'w+x' });
    const expired = granted('r')
      .wait(3_600_000)
      .expired('search', { challenge: 'Bearer error="invalid_token", scope="r"' });
    expectOnly(renewed(expired, 'r'), RULE, 'pass');
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)('is an error when the revision is %s', (revision) => {
    const log = renewed(granted('r', { revision }).forbidden('w').as('403'), 'r');
    const request = { at: 'AZ', part: 'request.url', quoted: 'r', party: 'client' } as const;
    expectOnly(log, RULE, 'error', { ...request, says: 'w is missing' });
    expect(judged(log, RULE)[0]?.evidence[1]).toMatchObject({
      entry: log.entry('403'),
      note: expect.stringContaining('scope="w"'),
    });
  });

  test('is an error after a 401 too, and a warning when a broader scope may cover the missing one', () => {
    const expired = granted('r')
      .wait(3_600_000)
      .expired('search', { challenge: 'Bearer error="invalid_token", scope="w"' });
    expectOnly(renewed(expired, 'r'), RULE, 'error', { at: 'AZ' });
    expectOnly(renewed(granted('files').forbidden('files:read'), 'files'), RULE, 'warning', {
      at: 'AZ',
      says: 'may cover it',
    });
  });

  test.each(['2025-03-26', '2025-06-18'] as const)('does not apply in %s', (revision) => {
    expectOnly(renewed(granted('r', { revision }).forbidden('w'), 'r'), RULE, 'notApplicable');
  });

  test('does not apply when the script could not read the challenge (guard G4)', () => {
    expectOnly(renewed(granted('r').forbidden('w', 'write', HIDDEN), 'r'), RULE, 'notApplicable', {
      says: 'could not read',
    });
  });

  test('is open when the header fields that would tell whether the page could read the challenge were left out', () => {
    const refused = granted('r').forbidden('w', 'write', HIDDEN).leftOut('origin');
    expectOnly(renewed(refused, 'r'), RULE, 'open', { at: 'AZ', missing: ['challenge-as-received'] });
    expectOnly(renewed(granted('r').forbidden('w', 'write', HIDDEN).leftOut('origin'), 'r w'), RULE, 'pass');
  });

  test('without a scope the answer decides', () => {
    expectOnly(renewed(granted('r').forbidden('w'), null, 'r w'), RULE, 'pass');
    expectOnly(renewed(granted('r').forbidden('w'), null, 'r'), RULE, 'error');
    expectOnly(renewed(granted('r').forbidden('w'), null, null), RULE, 'open', { missing: ['token-response'] });
  });

  test('is open when the authorization request was not recorded, and the answer does not hold the scopes', () => {
    const log = granted('r').forbidden('w').tk({ scope: 'r' }).as('TK');
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
  });

  test('says nothing of a challenge without scopes', () => {
    expect(judged(renewed(granted('r').wait(3_600_000).expired(), 'r'), RULE)).toEqual([]);
  });

  test('is open while the pushed parameters are in no recorded request', () => {
    const log = granted('r').forbidden('w').as('403').az(PUSHED_UNSEEN).as('AZ').tk({ scope: 'r' });
    expectOnly(log, RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
