import { describe, test } from 'vitest';
import { SERVER, traffic } from '../../traffic/traffic.ts';
import { expectOnly } from '../judged.ts';
import { SIGNED, signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'resource-parameter-canonical';

describe(RULE, () => {
  test('passes the URL of the server, with a query of its own too, and what its metadata names', () => {
    expectOnly(signIn(), RULE, 'pass', { at: 'AZ' });
    expectOnly(signIn({ az: { resource: `${SERVER}?tenant=1` } }), RULE, 'pass');
    const named = traffic().challenge({ scope: 'r' }).prm({ resource: 'https://mcp.example.com' }).asm().reg();
    expectOnly(named.az({ resource: 'https://mcp.example.com' }).tk().call('tools/list'), RULE, 'pass');
  });

  test.each(['https://other.example.net/mcp', 'https://mcp.example.com/other', 'https://mcp.example.com/mc'])(
    'is an error for %s',
    (resource) => {
      const log = signIn({ az: { resource } });
      expectOnly(log, RULE, 'error', {
        at: 'AZ',
        part: 'request.url',
        quoted: new URLSearchParams({ resource }).toString().slice(9),
        party: 'client',
        says: 'another resource',
      });
    },
  );

  test.each(['https://MCP.example.com/mcp', 'https://mcp.example.com/mcp/', 'https://mcp.example.com:443/mcp'])(
    'is a note for the spelling %s',
    (resource) => {
      expectOnly(signIn({ az: { resource } }), RULE, 'note', { at: 'AZ', says: 'spelling' });
    },
  );

  test('is a warning when the authorization server refused the spelling', () => {
    const log = signIn({ az: { resource: `${SERVER}/`, error: 'invalid_target' }, tk: null });
    expectOnly(log, RULE, 'warning', { at: 'AZ', says: 'invalid_target' });
  });

  test('is a note for a parent that nothing names', () => {
    expectOnly(signIn({ az: { resource: 'https://mcp.example.com' } }), RULE, 'note', { says: 'parent' });
  });

  test('is open when the metadata is not in the log, and judged when there is none', () => {
    const log = signIn({ published: null, az: { resource: 'https://other.example.net/mcp' } });
    expectOnly(log, RULE, 'open', { at: 'AZ', missing: ['protected-resource-metadata'] });
    const places = ['/mcp', ''].map((path) => `https://mcp.example.com/.well-known/oauth-protected-resource${path}`);
    const none = traffic().challenge({ scope: 'r' });
    for (const place of places) none.raw('GET', place, { status: 404 });
    expectOnly(
      none.asm().reg().az({ resource: 'https://other.example.net/mcp' }).as('AZ').tk().call('tools/list'),
      RULE,
      'error',
      { at: 'AZ' },
    );
  });

  test('is open when the request, or its parameters, were not recorded', () => {
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
    expectOnly(signIn(SIGNED), RULE, 'open', { at: 'AZ', missing: ['authorization-request-parameters'] });
  });
});
