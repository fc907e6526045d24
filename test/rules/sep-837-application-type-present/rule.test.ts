import { describe, test } from 'vitest';
import { REDIRECT } from '../../traffic/traffic.ts';
import { expectOnly } from '../judged.ts';
import { discovered, register } from '../registrations.ts';

const RULE = 'sep-837-application-type-present';
const BARE = { redirect_uris: [REDIRECT] } as const;

describe(RULE, () => {
  test.each(['native', 'web'])('passes with %s', (application_type) => {
    const log = register(discovered(), { request: { ...BARE, application_type } }).as('REG');
    expectOnly(log, RULE, 'pass', { at: 'REG', part: 'request.postData', quoted: application_type });
  });

  test('is an error without it, and with another value', () => {
    expectOnly(register(discovered(), { request: BARE }).as('REG'), RULE, 'error', {
      at: 'REG',
      part: 'request.postData',
      quoted: null,
      party: 'client',
    });
    const log = register(discovered(), { request: { ...BARE, application_type: 'spa' } }).as('REG');
    expectOnly(log, RULE, 'error', { at: 'REG', quoted: 'spa', says: 'neither native nor web' });
  });

  test('is open while the revision is unknown, and does not apply to older ones', () => {
    const unknown = register(discovered({}, { revision: null }), { request: BARE }).as('REG');
    expectOnly(unknown, RULE, 'open', { at: 'REG', missing: ['protocol-version'], says: 'from 2026-07-28' });
    expectOnly(register(discovered({}, { revision: '2025-11-25' }), { request: BARE }), RULE, 'notApplicable');
  });

  test('a refusal that it led to raises the note, and is told where nothing asks for it (laws 1 and 3)', () => {
    const refused = { request: BARE, status: 400, answer: { error: 'invalid_redirect_uri' } } as const;
    expectOnly(register(discovered({}, { revision: null }), refused), RULE, 'warning');
    expectOnly(register(discovered({}, { revision: '2025-11-25' }), refused), RULE, 'informational', {
      says: 'invalid_redirect_uri',
    });
  });

  test('is open where the request has no readable body', () => {
    expectOnly(register(discovered(), { request: null }), RULE, 'open', { missing: ['registration-request'] });
  });
});
