import { describe, expect, test } from 'vitest';
import { ISSUER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { ASM, get, issuer } from '../metadata.ts';
import { EVERY_REVISION, signedIn } from '../sessions.ts';

const RULE = 'as-issuer-identical';
const answering = (name: string, issuers: readonly string[] = [ISSUER]) =>
  get(traffic().challenge().prm({ issuers }), ASM, issuer({ issuer: name })).as('ASM');

describe(RULE, () => {
  test('passes the identifier that was asked for', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'authorization-server' });
  });

  test.each([
    'https://attacker.example.net',
    'https://as.example.com/tenant1',
    'http://as.example.com',
    'https://AS.example.com',
  ])('is an error for %s', (name) => {
    const detail = {
      at: 'ASM',
      part: 'response.content',
      quoted: name,
      party: 'authorization-server',
      says: ISSUER,
    } as const;
    expectOnly(answering(name), RULE, 'error', detail);
  });

  test('is a warning when only the slash at the end differs', () => {
    expectOnly(answering(`${ISSUER}/`), RULE, 'warning', { quoted: `${ISSUER}/` });
  });

  test('passes the better of two spellings that lead to one document', () => {
    expectOnly(answering(ISSUER, [`${ISSUER}/`, ISSUER]), RULE, 'pass');
  });

  test('is not helped by another entry', () => {
    const other = 'https://other.example.net';
    expectOnly(answering(other, [ISSUER, other]), RULE, 'error');
  });

  test('tells of a placeholder without calling it a fault', () => {
    const tenants = 'https://login.example.com/common/v2.0';
    const document = issuer({ issuer: 'https://login.example.com/{tenantid}/v2.0' });
    const log = get(
      traffic()
        .challenge()
        .prm({ issuers: [tenants] }),
      `${tenants}/.well-known/openid-configuration`,
      document,
    );
    expectOnly(log, RULE, 'informational');
  });

  test.each(EVERY_REVISION)('in %s', (revision) => {
    const log = get(traffic({ revision }).challenge().prm(), ASM, issuer({ issuer: 'https://attacker.example.net' }));
    // The builder's header says nothing of 2025-03-26, so that one is unknown.
    expectOnly(log.call('tools/list'), RULE, 'error');
  });

  test('is open when a sign-in shows that the metadata was not recorded', () => {
    expectOnly(traffic().challenge().prm().reg().az(), RULE, 'open', { missing: ['authorization-server-metadata'] });
  });

  test('says nothing of metadata that no server names', () => {
    expect(
      judged(
        get(
          traffic().challenge().prm(),
          'https://as.example.com/x/.well-known/openid-configuration',
          issuer({ issuer: 'https://y.example.net' }),
        ),
        RULE,
      ),
    ).toEqual([]);
  });
});
