import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { authorize, DOCUMENT, discovered, document, TAKES_DOCUMENTS } from '../registrations.ts';

const RULE = 'cimd-document-valid';
const start = () => discovered(TAKES_DOCUMENTS);
const asked = (log: ReturnType<typeof start>) => authorize(log, { clientId: DOCUMENT });

describe(RULE, () => {
  test('passes a valid document', () => {
    expectOnly(asked(document(start())), RULE, 'pass');
  });

  test.each([
    ['another client_id', { client_id: `${DOCUMENT}?v=1` }, `${DOCUMENT}?v=1`, 'names itself'],
    ['no client_name', { client_name: undefined }, null, 'has no client_name'],
    ['no redirect_uris', { redirect_uris: undefined }, null, 'has no redirect_uris'],
    [
      'a shared secret method',
      { token_endpoint_auth_method: 'client_secret_post' },
      'client_secret_post',
      'client_secret_post',
    ],
    ['a secret', { client_secret: 'hush-hush-hush-0001' }, 'hush-hush-hush-0001', 'holds a client_secret'],
  ])('is an error with %s', (_, members, quoted, says) => {
    const log = asked(document(start(), members).as('DOC'));
    expectOnly(log, RULE, 'error', { at: 'DOC', part: 'response.content', quoted, party: 'client', says });
  });

  test('is an error when it is not there, or is no metadata', () => {
    const absent = asked(start().raw('GET', DOCUMENT, { status: 404 }).as('DOC'));
    expectOnly(absent, RULE, 'error', { at: 'DOC', part: 'response.status', says: '404' });
    const page = asked(start().raw('GET', DOCUMENT, { body: '<html></html>', mimeType: 'text/html' }).as('DOC'));
    expectOnly(page, RULE, 'error', { at: 'DOC', part: 'response.content' });
  });

  test('is a note in older revisions', () => {
    const log = asked(document(discovered(TAKES_DOCUMENTS, { revision: '2025-06-18' }), { client_name: undefined }));
    expectOnly(log, RULE, 'note', { says: 'from 2025-11-25' });
  });

  test('is open where the document is not in the log', () => {
    expectOnly(asked(start()), RULE, 'open', { missing: ['client-id-metadata-document'] });
    const lost = { response: { status: 200, headers: [], content: { size: 90, mimeType: 'application/json' } } };
    expectOnly(asked(start().raw('GET', DOCUMENT, {}, lost)), RULE, 'open', {
      missing: ['client-id-metadata-document'],
    });
  });

  test.each([401, 403])('says nothing of a document that a gate keeps (%i)', (status) => {
    const log = asked(start().raw('GET', DOCUMENT, { status, headers: { server: 'cloudflare' } }));
    expect(judged(log, RULE)).toEqual([]);
  });
});
