import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { HOUR, RENEWED, RT1, signedIn } from '../sessions.ts';

const RULE = 'step-up-via-refresh';

describe(RULE, () => {
  test('passes when an authorization request answers, or the grant holds the scopes', () => {
    const stepUp = signedIn()
      .forbidden('w')
      .as('403')
      .az({ ...RENEWED, scope: 'r w offline_access' });
    expectOnly(stepUp, RULE, 'pass', { at: '403', quoted: 'w' });
    expectOnly(signedIn().forbidden('r').rf().as('RF'), RULE, 'pass', { at: 'RF', says: 'held the challenged scopes' });
  });

  test.each(['2025-11-25', '2026-07-28'] as const)('is a warning in %s when a refresh answers', (revision) => {
    const log = signedIn({ revision }).forbidden('w').rf().as('RF').forbidden('w').as('again');
    const refresh = { at: 'RF', part: 'request.postData', party: 'client' } as const;
    expectOnly(log, RULE, 'warning', { ...refresh, says: 'got the same 403 again' });
    expect(judged(log, RULE)[0]?.evidence.at(-1)?.entry).toBe(log.entry('again'));
  });

  test('passes when the refresh brought the scopes, as its answer or the call shows', () => {
    const told = signedIn().forbidden('w').rf({ scope: 'r w offline_access' }).as('RF');
    expectOnly(told, RULE, 'pass', { at: 'RF', says: 'brought the challenged scopes' });
    expectOnly(signedIn().forbidden('w').rf().as('RF').call('write'), RULE, 'pass', { at: 'RF' });
    const other = signedIn().forbidden('w').rf().as('RF').call('write', { token: 'token-of-a-worker-0123456789' });
    expectOnly(other, RULE, 'warning', { at: 'RF' });
  });

  test('is open when what was granted or challenged is not in the log', () => {
    const token = 'opaque-token-from-before';
    const late = traffic().call('tools/list', { token }).forbidden('w', 'write', { token }).rf({ send: RT1 }).as('RF');
    expectOnly(late, RULE, 'open', { at: 'RF', missing: ['token-response'] });
    const unnamed = signedIn().call('write', { status: 403, challenge: 'Bearer error="insufficient_scope"' }).rf();
    expectOnly(unnamed, RULE, 'open', { missing: ['challenge-scope'] });
  });

  test('does not apply when the token was due for a refresh anyway', () => {
    expectOnly(
      signedIn()
        .wait(HOUR - 110_000)
        .forbidden('w')
        .rf()
        .as('RF'),
      RULE,
      'notApplicable',
      { at: 'RF' },
    );
    expectOnly(signedIn().forbidden('w').expired().rf(), RULE, 'notApplicable');
  });

  test('says nothing when nothing, or something much later, followed', () => {
    expect(judged(signedIn().forbidden('w'), RULE)).toEqual([]);
    expect(judged(signedIn().forbidden('w').wait(125_000).rf(), RULE)).toEqual([]);
  });
});
