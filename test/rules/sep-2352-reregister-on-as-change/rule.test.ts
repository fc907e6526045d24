import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { migrated, NEW_ID, OLD_ID, REGISTERED_ANEW } from '../migrations.ts';
import { DOCUMENT, OTHER_ISSUER, register } from '../registrations.ts';

const RULE = 'sep-2352-reregister-on-as-change';
const there = { issuer: OTHER_ISSUER } as const;

describe(RULE, () => {
  test('passes a registration before the request', () => {
    expectOnly(
      register(migrated(), REGISTERED_ANEW)
        .az({ ...there, clientId: NEW_ID })
        .as('AZ'),
      RULE,
      'pass',
      { at: 'AZ' },
    );
  });

  test('is an error to ask with the old id', () => {
    const log = migrated()
      .az({ ...there, clientId: OLD_ID })
      .as('AZ');
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'request.url',
      quoted: OLD_ID,
      party: 'client',
      says: 'without registering',
    });
  });

  test('is a note before 2026-07-28', () => {
    expectOnly(migrated({ revision: null }).az({ ...there, clientId: OLD_ID }), RULE, 'note', { says: '2026-07-28' });
  });

  test('is open with any other id', () => {
    expectOnly(migrated().az({ ...there, clientId: 'stored-elsewhere-0003' }), RULE, 'open', {
      missing: ['client-registration'],
    });
  });

  test('does not apply to a URL, nor to a client that stops', () => {
    expectOnly(migrated().az({ ...there, clientId: DOCUMENT }), RULE, 'notApplicable');
    expect(judged(migrated(), RULE)).toEqual([]);
  });

  test('speaks beside the two other rules of SEP-2352: each says another part of it', () => {
    const log = migrated().az({ ...there, clientId: OLD_ID });
    for (const rule of ['sep-2352-no-cross-as-credential-reuse', 'sep-2352-no-reuse-on-as-change', RULE]) {
      expectOnly(log, rule, 'error');
    }
  });
});
