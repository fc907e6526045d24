import { describe, test } from 'vitest';
import { expectOnly } from '../judged.ts';
import { authorize, DOCUMENT, discovered, OTHER_ISSUER, register, TAKES_DOCUMENTS } from '../registrations.ts';

const RULE = 'registration-priority-order';
const elsewhere = { clientId: DOCUMENT, issuer: OTHER_ISSUER } as const;

describe(RULE, () => {
  test.each(['2025-11-25', '2026-07-28', null] as const)(
    'is a warning to register with a document at hand (%s)',
    (revision) => {
      const log = register(authorize(discovered(TAKES_DOCUMENTS, { revision }), elsewhere)).as('REG');
      expectOnly(log, RULE, 'warning', { at: 'REG', part: 'request.url', party: 'client', says: DOCUMENT });
    },
  );

  test('is a note in older revisions', () => {
    const log = register(authorize(discovered(TAKES_DOCUMENTS, { revision: '2025-06-18' }), elsewhere));
    expectOnly(log, RULE, 'note', { says: 'from 2025-11-25' });
  });

  test('passes where documents are not taken, and after a refusal', () => {
    expectOnly(register(authorize(discovered(), elsewhere)), RULE, 'pass');
    const refused = authorize(discovered(TAKES_DOCUMENTS), { clientId: DOCUMENT, answer: { error: 'invalid_client' } });
    expectOnly(register(refused), RULE, 'pass', { says: 'refused' });
  });

  test('is open without the metadata', () => {
    expectOnly(register(authorize(discovered(null), elsewhere)), RULE, 'open', {
      missing: ['authorization-server-metadata'],
    });
  });

  test('does not apply where no document is seen, or that of another client', () => {
    expectOnly(register(discovered(TAKES_DOCUMENTS)), RULE, 'notApplicable');
    const other = authorize(discovered(TAKES_DOCUMENTS), { ...elsewhere, redirect: 'https://other.example.org/cb' });
    expectOnly(register(other), RULE, 'notApplicable');
  });
});
