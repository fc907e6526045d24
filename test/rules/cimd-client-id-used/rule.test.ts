import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { authorize, CLIENT, DOCUMENT, discovered, OTHER_ISSUER, register, TAKES_DOCUMENTS } from '../registrations.ts';

const RULE = 'cimd-client-id-used';
const LOCAL = 'http://localhost:3000/cb';

describe(RULE, () => {
  test('passes with the URL', () => {
    const log = authorize(discovered(TAKES_DOCUMENTS), { clientId: DOCUMENT }).as('AZ');
    expectOnly(log, RULE, 'pass', { at: 'AZ', part: 'request.url', quoted: encodeURIComponent(DOCUMENT) });
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)('is a warning with a registered id, once (%s)', (revision) => {
    const log = authorize(authorize(register(discovered(TAKES_DOCUMENTS, { revision }))).as('AZ'));
    expectOnly(log, RULE, 'warning', { at: 'AZ', part: 'request.url', quoted: CLIENT, party: 'client' });
  });

  test('is a note for a client on this machine, and in older revisions', () => {
    const local = register(discovered(TAKES_DOCUMENTS), { request: { redirect_uris: [LOCAL] }, origin: null });
    expectOnly(authorize(local, { redirect: LOCAL }), RULE, 'note', { says: 'hosted' });
    expectOnly(authorize(register(discovered(TAKES_DOCUMENTS, { revision: '2025-06-18' }))), RULE, 'note');
  });

  test('leaves a registration out of order to its own rule', () => {
    const log = authorize(
      register(authorize(discovered(TAKES_DOCUMENTS), { clientId: DOCUMENT, issuer: OTHER_ISSUER })),
    );
    expectOnly(log, RULE, 'notApplicable', { says: 'registration-priority-order' });
  });

  test('does not apply to an id from before the log, and where documents are not taken', () => {
    expectOnly(authorize(discovered(TAKES_DOCUMENTS)), RULE, 'notApplicable', { says: 'before this log' });
    expectOnly(authorize(register(discovered())), RULE, 'notApplicable');
    expect(judged(authorize(discovered()), RULE)).toEqual([]);
  });

  test('is open without the metadata or the answer to the registration', () => {
    expectOnly(authorize(register(discovered(null))), RULE, 'open', { missing: ['authorization-server-metadata'] });
    const unread = authorize(register(discovered(TAKES_DOCUMENTS), { answer: null }));
    expectOnly(unread, RULE, 'open', { missing: ['registration-response'] });
  });
});
