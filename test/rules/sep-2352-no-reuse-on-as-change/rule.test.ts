import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { FIRST, migrated, NEW_ID, OLD_ID, REGISTERED_ANEW } from '../migrations.ts';
import { DOCUMENT, discovered, OTHER_ISSUER, register } from '../registrations.ts';

const RULE = 'sep-2352-no-reuse-on-as-change';
const there = { issuer: OTHER_ISSUER } as const;

describe(RULE, () => {
  test('passes a new id after the move', () => {
    expectOnly(register(migrated(), REGISTERED_ANEW).az({ ...there, clientId: NEW_ID }), RULE, 'pass');
  });

  test('is an error to go on with the old one', () => {
    const log = migrated()
      .az({ ...there, clientId: OLD_ID })
      .as('AZ');
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'request.url',
      quoted: OLD_ID,
      party: 'client',
      says: `moved from ${FIRST}`,
    });
    expect(judged(log, RULE)[0]?.evidence[1]?.entry).toBe(log.entry('PRM'));
  });

  test('is a note before 2026-07-28, a warning where the id was refused', () => {
    expectOnly(migrated({ revision: '2025-11-25' }).az({ ...there, clientId: OLD_ID }), RULE, 'note', {
      says: '2026-07-28',
    });
    const refused = migrated({ revision: '2025-11-25' }).az({
      ...there,
      clientId: OLD_ID,
      error: 'unauthorized_client',
    });
    expectOnly(refused, RULE, 'warning');
  });

  test('is open where the old id came from before the log', () => {
    expectOnly(migrated({}, false).az({ ...there, clientId: OLD_ID }), RULE, 'open', {
      missing: ['client-registration'],
    });
  });

  test('does not apply to a URL', () => {
    expectOnly(migrated().az({ ...there, clientId: DOCUMENT }), RULE, 'notApplicable');
  });

  test('leaves an old refresh token to refresh-to-issuing-as', () => {
    expect(judged(migrated().rf({ ...there, clientId: OLD_ID }), RULE)).toEqual([]);
  });

  test('says nothing while the old one is still named, or nothing changed', () => {
    const both = register(discovered(), { clientId: OLD_ID })
      .az({ clientId: OLD_ID })
      .tk()
      .prm({ issuers: [OTHER_ISSUER, FIRST] })
      .asm(there);
    expect(judged(both.az({ ...there, clientId: OLD_ID }), RULE)).toEqual([]);
    expect(judged(register(discovered()).az().tk(), RULE)).toEqual([]);
  });
});
