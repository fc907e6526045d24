import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { authorize, discovered, register } from '../registrations.ts';

const RULE = 'redirect-uri-https-or-localhost';
const to = (...redirect_uris: readonly string[]) => ({ request: { redirect_uris } });

describe(RULE, () => {
  test.each(['https://app.example.org/cb', 'http://localhost:3000/cb', 'http://127.0.0.1/cb', 'http://[::1]:9/cb'])(
    'passes %s',
    (uri) => {
      expectOnly(register(discovered(), to(uri)).as('REG'), RULE, 'pass', { at: 'REG', quoted: uri });
    },
  );

  test.each(['http://app.example.org/cb', 'http://localhost.example.org/cb', 'http://10.0.0.7/cb'])(
    'is an error for %s',
    (uri) => {
      expectOnly(register(discovered(), to(uri)).as('REG'), RULE, 'error', {
        at: 'REG',
        part: 'request.postData',
        quoted: uri,
        party: 'client',
      });
    },
  );

  test('is a warning for a scheme of the app', () => {
    expectOnly(register(discovered(), to('cursor://cb')), RULE, 'warning', { says: 'RFC 8252' });
  });

  test('judges each URI once, and a request without a registration too', () => {
    const both = authorize(register(discovered(), to('http://app.example.org/cb', 'https://app.example.org/cb')), {
      redirect: 'http://app.example.org/cb',
    });
    expect(judged(both, RULE).map(verdictOf).toSorted()).toEqual(['error', 'pass']);
    const log = authorize(discovered(), { redirect: 'http://app.example.org/cb' }).as('AZ');
    expectOnly(log, RULE, 'error', { at: 'AZ', part: 'request.url', quoted: 'http%3A%2F%2Fapp.example.org%2Fcb' });
  });

  test('says nothing of what is no URL or concerns no MCP server', () => {
    expect(judged(register(discovered(), to('nonsense')), RULE)).toEqual([]);
    expect(judged(register(traffic(), to('http://app.example.org/cb')), RULE)).toEqual([]);
  });
});
