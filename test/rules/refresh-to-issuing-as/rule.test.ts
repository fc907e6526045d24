import { describe, expect, test } from 'vitest';
import { ISSUER } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { migrated } from '../migrations.ts';
import { discovered, OTHER_ISSUER, register } from '../registrations.ts';
import { RT1 } from '../sessions.ts';

const RULE = 'refresh-to-issuing-as';
const there = { issuer: OTHER_ISSUER } as const;
const OLD = 'refresh-token-old-0001';

describe(RULE, () => {
  test('passes a refresh where the token came from, once for each chain', () => {
    const log = register(discovered()).az().tk({ refresh: RT1 }).rf().as('RF').rf();
    expectOnly(log, RULE, 'pass', { at: 'RF', part: 'request.postData', quoted: RT1 });
  });

  test.each(['2026-07-28', '2025-11-25', null] as const)('is an error elsewhere (%s)', (revision) => {
    const log = migrated({ revision }).rf(there).as('RF');
    expectOnly(log, RULE, 'error', {
      at: 'RF',
      part: 'request.postData',
      quoted: OLD,
      party: 'client',
      says: `${ISSUER} issued was sent to ${OTHER_ISSUER}`,
    });
    expect(JSON.stringify(judged(log, RULE))).not.toContain(OLD);
  });

  test('is a warning in older revisions, for the token is gone (law 1)', () => {
    expectOnly(migrated({ revision: '2025-06-18' }).rf(there), RULE, 'warning');
  });

  test('passes where the issuer has moved its endpoint', () => {
    const log = register(discovered()).az().tk({ refresh: RT1 });
    log.asm({ members: { token_endpoint: `${OTHER_ISSUER}/token` } }).rf(there);
    expectOnly(log, RULE, 'pass');
  });

  test('is open where it is not known whose endpoint it is', () => {
    const log = register(discovered()).az().tk({ refresh: RT1 }).rf(there);
    expectOnly(log, RULE, 'open', { missing: ['authorization-server-metadata'] });
  });

  test('is open where two authorization servers are known and the token is from before the log', () => {
    const log = discovered()
      .prm({ issuers: [ISSUER, OTHER_ISSUER] })
      .asm(there)
      .call('tools/list', { token: 'before-the-log-0001' })
      .rf({ send: RT1 });
    expectOnly(log, RULE, 'open', { missing: ['token-response'] });
  });

  test('says nothing without a refresh', () => {
    expect(judged(register(discovered()).az().tk({ refresh: RT1 }), RULE)).toEqual([]);
  });
});
