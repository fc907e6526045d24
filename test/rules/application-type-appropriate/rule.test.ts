import { describe, expect, test } from 'vitest';
import { REDIRECT } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, register } from '../registrations.ts';

const RULE = 'application-type-appropriate';
const LOCAL = 'http://localhost:3000/callback';
const as = (application_type: string, ...redirect_uris: readonly string[]) => ({
  request: { application_type, redirect_uris },
});

describe(RULE, () => {
  test('passes a hosted page as web and a local client as native', () => {
    expectOnly(register(discovered(), as('web', REDIRECT)), RULE, 'pass');
    expectOnly(register(discovered(), as('native', LOCAL)), RULE, 'pass');
    expectOnly(register(discovered(), as('native', 'com.example.app:/cb')), RULE, 'pass');
  });

  test('is a warning for a hosted page that calls itself native', () => {
    const log = register(discovered(), as('native', REDIRECT)).as('REG');
    expectOnly(log, RULE, 'warning', {
      at: 'REG',
      part: 'request.postData',
      quoted: 'native',
      party: 'client',
      says: 'https://app.example.org',
    });
  });

  test.each([LOCAL, 'http://127.0.0.1:9/cb', 'cursor://callback'])('is a warning for web with %s', (uri) => {
    expectOnly(register(discovered(), as('web', uri)).as('REG'), RULE, 'warning', {
      at: 'REG',
      quoted: 'web',
      says: uri,
    });
  });

  test('is a warning for web from a page on localhost', () => {
    expectOnly(register(discovered(), { ...as('web', REDIRECT), origin: 'http://localhost:5173' }), RULE, 'warning', {
      says: 'localhost:5173',
    });
  });

  test('an older revision makes it a note, a refusal a warning again (law 1)', () => {
    const old = { revision: '2025-11-25' } as const;
    expectOnly(register(discovered({}, old), as('web', LOCAL)), RULE, 'note', { says: 'from 2026-07-28' });
    const refused = { ...as('web', LOCAL), status: 400, answer: { error: 'invalid_redirect_uri' } };
    expectOnly(register(discovered({}, old), refused), RULE, 'warning');
  });

  test('is open where it is not known which page sent it', () => {
    expectOnly(register(discovered(), { ...as('native', REDIRECT), origin: null }), RULE, 'open', {
      missing: ['request-origin'],
    });
  });

  test('does not apply to mixed redirect URIs and to browser extensions', () => {
    expectOnly(register(discovered(), as('web', REDIRECT, LOCAL)), RULE, 'notApplicable');
    expectOnly(register(discovered(), as('native', 'https://abc.chromiumapp.org/cb')), RULE, 'notApplicable');
  });

  test('leaves a missing application_type to its own rule', () => {
    expect(judged(register(discovered(), { request: { redirect_uris: [LOCAL] } }), RULE)).toEqual([]);
  });
});
