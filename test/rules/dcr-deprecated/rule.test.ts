import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { authorize, discovered, register, TAKES_DOCUMENTS } from '../registrations.ts';

const RULE = 'dcr-deprecated';

describe(RULE, () => {
  test('tells it, and finds no fault', () => {
    const log = register(discovered(TAKES_DOCUMENTS)).as('REG');
    expectOnly(log, RULE, 'informational', { at: 'REG', part: 'request.url', party: 'client' });
  });

  test('does not apply to older revisions', () => {
    expectOnly(register(discovered(TAKES_DOCUMENTS, { revision: '2025-11-25' })), RULE, 'notApplicable');
  });

  test('is open while the revision is unknown', () => {
    expectOnly(register(discovered(TAKES_DOCUMENTS, { revision: null })), RULE, 'open', {
      missing: ['protocol-version'],
    });
  });

  test('is silent where documents are not taken, and where another rule speaks', () => {
    expect(judged(register(discovered()), RULE)).toEqual([]);
    expect(judged(authorize(register(discovered(TAKES_DOCUMENTS))), RULE)).toEqual([]);
  });
});
