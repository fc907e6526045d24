import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';

const RULE = 'sep-2207-prm-no-offline-access';
const BOTH = { scopes: ['r', 'offline_access'] } as const;

describe(RULE, () => {
  test('says nothing of metadata that is known not to be there', () => {
    const absent = traffic()
      .challenge()
      .raw('GET', 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp', { status: 404 });
    expect(judged(absent, RULE)).toEqual([]);
  });

  test('passes metadata that lists scopes of the resource only', () => {
    const log = traffic()
      .challenge()
      .prm({ scopes: ['r'] })
      .as('PRM');
    expectOnly(log, RULE, 'pass', { at: 'PRM', part: 'response.content', quoted: '"scopes_supported"' });
  });

  test.each([
    ['2026-07-28', 'warning'],
    ['2025-11-25', 'note'],
    [null, 'note'],
  ] as const)('in revision %s it is a %s to list offline_access', (revision, level) => {
    const log = traffic({ revision }).challenge().prm(BOTH).as('PRM');
    const body = { at: 'PRM', part: 'response.content', quoted: '"offline_access"', party: 'server' } as const;
    expectOnly(log, RULE, level, body);
  });

  test('the document fetched twice is one occasion', () => {
    const log = traffic().challenge().prm(BOTH).as('PRM').prm(BOTH);
    expectOnly(log, RULE, 'warning', { at: 'PRM' });
    expect(judged(log, RULE)[0]?.evidence).toHaveLength(2);
  });

  test('is open when the metadata is not in the log', () => {
    const log = traffic().challenge().as('401');
    expectOnly(log, RULE, 'open', { at: '401', part: 'response.status', missing: ['protected-resource-metadata'] });
  });

  test('says nothing of metadata without scopes, nor of a server that refused nothing', () => {
    expect(judged(traffic().challenge().prm(), RULE)).toEqual([]);
    expect(judged(traffic().call('tools/list'), RULE)).toEqual([]);
  });
});
