import { describe, expect, test } from 'vitest';
import { ISSUER } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, register } from '../registrations.ts';

const RULE = 'dcr-without-endpoint';
const NONE = { registration_endpoint: null } as const;

describe(RULE, () => {
  test('passes at the endpoint that the metadata names', () => {
    expectOnly(register(discovered()), RULE, 'pass');
  });

  test.each([`${ISSUER}/register`, `${ISSUER}/reg`, 'https://mcp.example.com/register'])(
    'is a warning at %s, which nothing names',
    (url) => {
      const log = register(discovered(NONE), { url }).as('REG');
      expectOnly(log, RULE, 'warning', { at: 'REG', part: 'request.url', party: 'client', says: url });
    },
  );

  test('is a warning while the revision is unknown, a note where it is older', () => {
    expectOnly(register(discovered(NONE, { revision: null })), RULE, 'warning');
    expectOnly(register(discovered(NONE, { revision: '2025-06-18' })), RULE, 'note', { says: 'from 2025-11-25' });
  });

  test('is open without the metadata, and where it names another endpoint', () => {
    expectOnly(register(discovered(null)), RULE, 'open', { missing: ['authorization-server-metadata'] });
    const elsewhere = register(discovered(), { url: `${ISSUER}/reg` });
    expectOnly(elsewhere, RULE, 'open', { missing: ['authorization-server-metadata'] });
  });

  test('does not apply where there is no metadata to be had', () => {
    const log = discovered(null).raw('GET', `${ISSUER}/.well-known/oauth-authorization-server`, { status: 404 });
    expectOnly(register(log), RULE, 'notApplicable');
  });

  test('says nothing of other places', () => {
    expect(judged(register(discovered(NONE), { url: `${ISSUER}/clients` }), RULE)).toEqual([]);
  });
});
