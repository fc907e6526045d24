import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'resource-parameter-valid-uri';

describe(RULE, () => {
  test.each(['https://mcp.example.com/mcp', 'urn:example:mcp', 'https://mcp.example.com:8443/a?b=c'])(
    'passes %s',
    (resource) => {
      expectOnly(signIn({ az: { resource } }), RULE, 'pass', {
        at: 'AZ',
        quoted: new URLSearchParams({ resource }).toString().slice(9),
      });
    },
  );

  test.each([
    ['mcp.example.com', 'has no scheme'],
    ['/mcp', 'has no scheme'],
    ['localhost:3000/mcp', 'has no scheme'],
    ['https://mcp.example.com/mcp#tools', 'has a fragment'],
    ['https://mcp.example.com/mcp#', 'has a fragment'],
    ['https://mcp example com', 'no absolute URI'],
  ])('is an error for %s', (resource, says) => {
    const log = signIn({ az: { resource } });
    expectOnly(log, RULE, 'error', {
      at: 'AZ',
      part: 'request.url',
      quoted: new URLSearchParams({ resource }).toString().slice(9),
      party: 'client',
      says,
    });
  });

  test('is a note before 2025-06-18', () => {
    expectOnly(signIn({ revision: '2025-03-26', az: { resource: 'mcp.example.com' } }), RULE, 'note', {
      says: '2025-06-18',
    });
  });

  test('says nothing without a resource', () => {
    expect(judged(signIn({ az: { resource: null } }), RULE)).toEqual([]);
  });

  test('is open when the request, or its parameters, were not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
