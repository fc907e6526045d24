import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { authorize, DOCUMENT, discovered, register } from '../registrations.ts';

const RULE = 'pre-registration-auth';
const CONFIGURED = 'configured-client-0007';
const NONE = { registration_endpoint: null } as const;
const REGISTERED = { clientId: 'registered-0008' } as const;

describe(RULE, () => {
  test('passes a supplied id at both endpoints', () => {
    const log = discovered(NONE).az({ clientId: CONFIGURED }).as('AZ').tk();
    expectOnly(log, RULE, 'pass', { at: 'AZ', part: 'request.url', quoted: CONFIGURED });
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)(
    'is a warning to register although an id worked (%s)',
    (revision) => {
      const log = discovered({}, { revision }).az({ clientId: CONFIGURED }).as('AZ').tk().call();
      register(log, REGISTERED).as('REG');
      expectOnly(log, RULE, 'warning', { at: 'REG', part: 'request.url', party: 'client', says: CONFIGURED });
      expect(judged(log, RULE)[0]?.evidence[1]?.entry).toBe(log.entry('AZ'));
    },
  );

  test('is a warning to ask for the token with another id', () => {
    const log = discovered(NONE).az({ clientId: CONFIGURED }).tk({ clientId: 'another-client-0009' }).as('TK');
    expectOnly(log, RULE, 'warning', { at: 'TK', part: 'request.postData', quoted: 'another-client-0009' });
    const basic = { authorization: `Basic ${Buffer.from('another-client-0009:hush').toString('base64')}` };
    const header = discovered(NONE)
      .az({ clientId: CONFIGURED })
      .tk({ form: { client_id: null }, requestHeaders: basic })
      .as('TK');
    expectOnly(header, RULE, 'warning', { at: 'TK', part: 'request.headers.authorization' });
  });

  test('a note in older revisions', () => {
    const log = discovered(NONE, { revision: '2025-06-18' })
      .az({ clientId: CONFIGURED })
      .tk({ clientId: 'another-client-0009' });
    expectOnly(log, RULE, 'note', { says: 'from 2025-11-25' });
  });

  test('a refusal in between, or another client, excuses the registration', () => {
    const refused = discovered().az({ clientId: CONFIGURED }).tk({ error: 'invalid_client', status: 401 });
    expectOnly(register(refused, REGISTERED), RULE, 'notApplicable');
    const other = discovered().az({ clientId: CONFIGURED }).tk().call();
    expectOnly(
      register(other, { request: { redirect_uris: ['https://other.example.org/cb'] } }),
      RULE,
      'notApplicable',
    );
  });

  test('a client that was told to forget what it had stored may register', () => {
    const log = discovered().az({ clientId: CONFIGURED }).tk().call().wait(60_000).reload();
    expectOnly(register(log.challenge({ scope: 'r' }), REGISTERED), RULE, 'notApplicable');
  });

  test('is open without the token request', () => {
    expectOnly(authorize(discovered(NONE), { clientId: CONFIGURED }), RULE, 'open', { missing: ['token-request'] });
    const bare = discovered(NONE)
      .az({ clientId: CONFIGURED })
      .tk({ form: { client_id: null } });
    expectOnly(bare, RULE, 'open', { missing: ['token-request'] });
  });

  test('says nothing of registered clients and of URLs', () => {
    expect(judged(register(discovered()).az().tk(), RULE)).toEqual([]);
    expect(judged(discovered(NONE).az({ clientId: DOCUMENT }).tk(), RULE)).toEqual([]);
  });
});
