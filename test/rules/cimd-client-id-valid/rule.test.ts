import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { authorize, CLIENT, DOCUMENT, discovered, TAKES_DOCUMENTS } from '../registrations.ts';

const RULE = 'cimd-client-id-valid';

describe(RULE, () => {
  test.each([DOCUMENT, 'https://app.example.org/', 'https://app.example.org:8443/a/client.json?v=1'])(
    'passes %s',
    (clientId) => {
      expectOnly(authorize(discovered(TAKES_DOCUMENTS), { clientId }), RULE, 'pass');
    },
  );

  test.each([
    ['http://app.example.org/client.json', 'does not use https'],
    ['https://app.example.org', 'has no path'],
    ['https://app.example.org?x=/y', 'has no path'],
    ['https://app.example.org/client.json#a', 'has a fragment'],
    ['https://app.example.org/a/../client.json', 'dot segments'],
    ['https://app.example.org/%2e%2E/client.json', 'dot segments'],
  ])('is an error: %s', (clientId, says) => {
    const log = authorize(discovered(TAKES_DOCUMENTS), { clientId, answer: 400 }).as('AZ');
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'request.url',
      quoted: encodeURIComponent(clientId),
      party: 'client',
      says,
    });
  });

  test('is an error with a user name, and keeps the password to itself', () => {
    const log = authorize(discovered(TAKES_DOCUMENTS), {
      clientId: 'https://me:hush@app.example.org/client.json',
      answer: 400,
    });
    expectOnly(log, RULE, 'error', { says: 'has a user name' });
    expect(judged(log, RULE)[0]?.message).not.toContain('hush');
  });

  test('is an error while the revision is unknown, a note where it is older, unless it was refused (law 1)', () => {
    const bad = { clientId: 'https://app.example.org/c.json#a', answer: 400 } as const;
    expectOnly(authorize(discovered(TAKES_DOCUMENTS, { revision: null }), bad), RULE, 'error');
    const old = { revision: '2025-06-18' } as const;
    expectOnly(authorize(discovered(TAKES_DOCUMENTS, old), bad), RULE, 'warning');
    expectOnly(authorize(discovered(TAKES_DOCUMENTS, old), { ...bad, answer: 'none' }), RULE, 'note');
  });

  test('does not apply on this machine, nor to an id that was agreed on otherwise', () => {
    expectOnly(
      authorize(discovered(TAKES_DOCUMENTS), { clientId: 'http://localhost:8080/client.json' }),
      RULE,
      'notApplicable',
    );
    expectOnly(authorize(discovered(), { clientId: 'http://app.example.org' }), RULE, 'notApplicable');
  });

  test('says nothing of other ids', () => {
    expect(judged(authorize(discovered(TAKES_DOCUMENTS), { clientId: CLIENT }), RULE)).toEqual([]);
  });
});
