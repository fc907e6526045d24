import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { ASM, agreeOnOldest, bare401, get, issuer, missing, PRM, ROOT_PRM } from '../metadata.ts';

const RULE = 'as-dcr-advertised';
const CLOSED = issuer({ registration_endpoint: undefined });

describe(RULE, () => {
  test('passes metadata with a registration endpoint', () => {
    const log = traffic({ revision: '2025-06-18' }).challenge().prm().asm().call('tools/list');
    expectOnly(log, RULE, 'pass', { quoted: 'https://as.example.com/register' });
  });

  test('is a warning in 2025-06-18 without one', () => {
    const log = get(traffic({ revision: '2025-06-18' }).challenge().prm(), ASM, CLOSED)
      .as('ASM')
      .call('tools/list');
    expectOnly(log, RULE, 'warning', { at: 'ASM', part: 'response.content', party: 'authorization-server' });
  });

  test('is a warning in 2025-03-26 without one', () => {
    const origin = 'https://mcp.example.com';
    const log = missing(missing(bare401(agreeOnOldest(traffic({ revision: '2025-03-26' }))), PRM), ROOT_PRM);
    get(log, `${origin}/.well-known/oauth-authorization-server`, issuer({ registration_endpoint: undefined }, origin));
    expectOnly(log, RULE, 'warning');
  });

  test.each(['2025-11-25', '2026-07-28', null] as const)('does not apply to %s', (revision) => {
    expectOnly(get(traffic({ revision }).challenge().prm(), ASM, CLOSED).call('tools/list'), RULE, 'notApplicable');
  });

  test('is open when a sign-in shows that the metadata was not recorded', () => {
    const log = traffic({ revision: '2025-06-18' }).challenge().prm().az().tk().call();
    expectOnly(log, RULE, 'open', { missing: ['authorization-server-metadata'] });
  });

  test('says nothing of metadata without an MCP server', () => {
    expect(judged(get(traffic(), ASM, CLOSED), RULE)).toEqual([]);
  });
});
