import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { authorize, CLIENT, discovered, register, WEB } from '../registrations.ts';

const RULE = 'dcr-scope-caps-request';
const CAPPED = { answer: { ...WEB, client_id: CLIENT, scope: 'r' } } as const;
const INVALID = { error: 'invalid_scope' } as const;

describe(RULE, () => {
  test('passes a request within the registered scope', () => {
    expectOnly(authorize(register(discovered(), CAPPED), { scope: 'r' }), RULE, 'pass');
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)(
    'is a warning where the excess is refused (%s)',
    (revision) => {
      const log = authorize(register(discovered({}, { revision }), CAPPED).as('REG'), {
        scope: 'r w',
        answer: INVALID,
      }).as('AZ');
      expectOnly(log, RULE, 'warning', {
        at: 'AZ',
        part: 'request.url',
        quoted: 'r+w',
        party: 'client',
        says: 'refused w',
      });
      expect(judged(log, RULE)[0]?.evidence[1]).toMatchObject({ entry: log.entry('REG'), part: 'response.content' });
    },
  );

  test('does not apply where the authorization server looks past it', () => {
    expectOnly(authorize(register(discovered(), CAPPED), { scope: 'r w' }), RULE, 'notApplicable');
  });

  test('is open without the answer or the registration', () => {
    expectOnly(authorize(register(discovered(), CAPPED), { scope: 'w', answer: 'none' }), RULE, 'open', {
      missing: ['authorization-response'],
    });
    expectOnly(authorize(discovered(), { scope: 'w', answer: INVALID }), RULE, 'open', {
      missing: ['client-registration'],
    });
  });

  test('says nothing where no scope was registered', () => {
    expect(judged(authorize(register(discovered()), { answer: INVALID }), RULE)).toEqual([]);
  });
});
