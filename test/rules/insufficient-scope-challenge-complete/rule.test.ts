import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { granted } from '../sessions.ts';

const RULE = 'insufficient-scope-challenge-complete';
const META = 'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';
const COMPLETE = `Bearer error="insufficient_scope", scope="w", ${META}`;
const body = '{"error_description":"Required scope: w"}';

describe(RULE, () => {
  test('passes a complete challenge', () => {
    expectOnly(granted('r').call('write', { status: 403, challenge: COMPLETE }), RULE, 'pass', { quoted: COMPLETE });
  });

  test.each([
    ['2025-06-18', 'note'],
    ['2025-11-25', 'warning'],
    ['2026-07-28', 'warning'],
    [null, 'warning'],
  ] as const)('in %s is a %s without resource_metadata', (revision, level) => {
    const log = granted('r', { revision }).forbidden('w').as('REFUSED');
    expectOnly(log, RULE, level, {
      at: 'REFUSED',
      part: 'response.headers.www-authenticate',
      quoted: 'Bearer error="insufficient_scope", scope="w"',
      party: 'server',
      says: 'resource_metadata',
    });
  });

  test('names each member that is missing', () => {
    expectOnly(
      granted('r').call('write', { status: 403, challenge: `Bearer error="insufficient_scope", ${META}` }),
      RULE,
      'warning',
      { says: 'lacks scope' },
    );
    expectOnly(
      granted('r').call('write', { status: 403, challenge: `Bearer scope="w", ${META}`, body }),
      RULE,
      'warning',
      { says: 'lacks error' },
    );
    const bare = granted('r').call('write', { status: 403, body }).as('REFUSED');
    expectOnly(bare, RULE, 'warning', { at: 'REFUSED', part: 'response.status', says: 'lacks WWW-Authenticate' });
    expect(judged(bare, RULE)[0]?.evidence[1]).toMatchObject({ part: 'response.content', range: [22, 36] });
  });

  test('is open when the headers were not recorded', () => {
    const log = granted('r').call('write', { status: 403, body }).withoutResponseHeaders().as('REFUSED');
    expectOnly(log, RULE, 'open', { at: 'REFUSED', missing: ['response-headers'] });
  });

  test('leaves a 403 alone that is about something else', () => {
    expect(
      judged(granted('r').call('write', { status: 403, body: '{"error":"Invalid Origin header"}' }), RULE),
    ).toEqual([]);
    const page = '<html>missing scope</html>';
    expect(judged(granted('r').call('write', { status: 403, body: page, mimeType: 'text/html' }), RULE)).toEqual([]);
  });
});
