import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { authorize, DOCUMENT, discovered, register, TAKES_DOCUMENTS } from '../registrations.ts';

const RULE = 'cimd-unsupported-as';
const asDocument = { clientId: DOCUMENT } as const;

describe(RULE, () => {
  test('passes where the metadata says so', () => {
    expectOnly(authorize(discovered(TAKES_DOCUMENTS), asDocument), RULE, 'pass');
  });

  test.each([
    ['invalid_client', { error: 'invalid_client' }],
    ['unauthorized_client', { error: 'unauthorized_client' }],
    ['an error page', 400],
  ])('is a warning when it is refused with %s', (_, answer) => {
    const log = authorize(discovered(), { ...asDocument, answer }).as('AZ');
    expectOnly(log, RULE, 'warning', {
      at: 'AZ',
      part: 'request.url',
      quoted: encodeURIComponent(DOCUMENT),
      party: 'client',
      says: 'refused',
    });
  });

  test('is a note when it works all the same; a refusal is a warning in older revisions too (law 1)', () => {
    expectOnly(authorize(discovered(), asDocument), RULE, 'note', { says: 'worked' });
    const old = authorize(discovered({}, { revision: '2025-06-18' }), {
      ...asDocument,
      answer: { error: 'invalid_client' },
    });
    expectOnly(old, RULE, 'warning', { says: 'from 2025-11-25' });
  });

  test('is open without the metadata or the answer', () => {
    expectOnly(authorize(discovered(null), asDocument), RULE, 'open', { missing: ['authorization-server-metadata'] });
    expectOnly(authorize(discovered(), { ...asDocument, answer: 'none' }), RULE, 'open', {
      missing: ['authorization-response'],
    });
  });

  test('says nothing of ids that a registration gave', () => {
    expect(judged(authorize(register(discovered(), { clientId: DOCUMENT }), asDocument), RULE)).toEqual([]);
  });
});
