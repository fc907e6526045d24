import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { authorize, DOCUMENT, discovered, document, TAKES_DOCUMENTS } from '../registrations.ts';

const RULE = 'as-cimd-validated';
const WRONG = { client_id: 'https://app.example.org/other.json' } as const;
const OTHER = 'https://evil.example.net/cb';
const start = () => discovered(TAKES_DOCUMENTS);
const asDocument = { clientId: DOCUMENT } as const;

describe(RULE, () => {
  test('is an error to issue a code for a document about another client', () => {
    const log = authorize(document(start(), WRONG).as('DOC'), asDocument).as('AZ');
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'response.headers.location',
      party: 'authorization-server',
      says: 'names itself',
    });
    expect(judged(log, RULE)[0]?.evidence[1]?.entry).toBe(log.entry('DOC'));
  });

  test('is an error to issue a code for a redirect URI that the document lacks', () => {
    expectOnly(authorize(document(start()), { ...asDocument, redirect: OTHER }), RULE, 'error', { says: OTHER });
  });

  test('passes a refusal', () => {
    const refused = { ...asDocument, answer: { error: 'invalid_client' } } as const;
    expectOnly(authorize(document(start(), WRONG), refused), RULE, 'pass');
    expectOnly(authorize(document(start()), { ...asDocument, redirect: OTHER, answer: 400 }), RULE, 'pass');
  });

  test('is a note in older revisions', () => {
    const log = document(discovered(TAKES_DOCUMENTS, { revision: '2025-06-18' }), WRONG);
    expectOnly(authorize(log, asDocument), RULE, 'note', { says: 'from 2025-11-25' });
  });

  test('is open without an answer, and where the document changed', () => {
    expectOnly(authorize(document(start(), WRONG), { ...asDocument, answer: 'none' }), RULE, 'open', {
      missing: ['authorization-response'],
    });
    const changed = authorize(document(document(start()), WRONG), asDocument);
    expectOnly(changed, RULE, 'open', { missing: ['client-id-metadata-document'] });
  });

  test('says nothing of a valid document, or one that was not seen', () => {
    expect(judged(authorize(document(start()), asDocument), RULE)).toEqual([]);
    expect(judged(authorize(start(), { ...asDocument, redirect: OTHER }), RULE)).toEqual([]);
  });
});
