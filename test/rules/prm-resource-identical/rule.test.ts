import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { bare401, get, naming401, PRM, ROOT_PRM, resource } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'prm-resource-identical';
const about = (value: string) => get(traffic().challenge(), PRM, resource({ resource: value })).as('PRM');

describe(RULE, () => {
  test("passes the server's URL", () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'server' });
  });

  test.each([
    ['error', 'https://evil.example.net/mcp'],
    ['error', 'http://mcp.example.com/mcp'],
    ['error', 'https://mcp.example.com/mcp2'],
    ['error', 'https://mcp.example.com/m'],
    ['warning', 'https://mcp.example.com'],
    ['warning', 'https://mcp.example.com/'],
    ['note', 'https://mcp.example.com/mcp/'],
    ['note', 'https://mcp.example.com:443/mcp'],
    ['note', 'https://MCP.example.com/mcp'],
  ])('is of level %s for %s', (level, value) => {
    expectOnly(about(value), RULE, level, {
      at: 'PRM',
      part: 'response.content',
      quoted: value,
      party: 'server',
      says: value,
    });
  });

  test('takes an empty path for a slash', () => {
    const server = 'https://mcp.example.com/';
    const log = traffic({ server }).challenge();
    expectOnly(get(log, ROOT_PRM, resource({ resource: 'https://mcp.example.com' })), RULE, 'pass');
  });

  test('passes the origin in a document at the root, unless a challenge named it', () => {
    const origin = resource({ resource: 'https://mcp.example.com' });
    expectOnly(get(bare401(traffic()), ROOT_PRM, origin), RULE, 'pass');
    expectOnly(get(naming401(traffic(), ROOT_PRM), ROOT_PRM, origin), RULE, 'warning');
    expectOnly(get(bare401(traffic()), ROOT_PRM, resource()), RULE, 'pass');
  });

  test('is an error when the document at a well-known place has no resource', () => {
    expectOnly(get(bare401(traffic()), PRM, { authorization_servers: ['https://as.example.com'] }), RULE, 'error');
  });

  test('says nothing of a document at the root that is about another server', () => {
    const other = 'https://mcp.example.com/other';
    const log = get(bare401(bare401(traffic(), other)), ROOT_PRM, resource({ resource: other }));
    expect(judged(log, RULE).filter(({ kind }) => kind === 'fail')).toEqual([]);
  });

  test('is open when the metadata was not recorded', () => {
    expectOnly(traffic().challenge(), RULE, 'open', { missing: ['protected-resource-metadata'] });
  });
});
