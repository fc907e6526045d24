import { describe, expect, test } from 'vitest';
import { ISSUER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { ASM, bare401, get, issuer, missing } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'authorization-server-metadata-wrong-path';
const TENANT = 'https://as.example.com/tenant1';
const INSERTED = 'https://as.example.com/.well-known/oauth-authorization-server/tenant1';
const OPENID_INSERTED = 'https://as.example.com/.well-known/openid-configuration/tenant1';
const APPENDED = `${TENANT}/.well-known/openid-configuration`;
const named = (issuers: readonly string[] = [TENANT]) => traffic().challenge().prm({ issuers });

describe(RULE, () => {
  test('passes a URL with the path', () => {
    expectOnly(get(named(), INSERTED, issuer({}, TENANT)), RULE, 'pass', { party: 'client' });
  });

  test('is an error when the path is left out', () => {
    const log = get(named(), ASM, issuer()).as('root');
    expectOnly(log, RULE, 'error', { at: 'root', part: 'request.url', party: 'client', says: TENANT });
    expectOnly(missing(missing(named(), INSERTED), ASM).as('root'), RULE, 'error', { at: 'root' });
  });

  test('is a warning once the right places had failed', () => {
    const log = missing(missing(missing(named(), INSERTED), OPENID_INSERTED), APPENDED);
    expectOnly(missing(log, ASM).as('root'), RULE, 'warning', { at: 'root' });
  });

  test('is a note before 2025-11-25', () => {
    const log = get(
      traffic({ revision: '2025-06-18' })
        .challenge()
        .prm({ issuers: [TENANT] }),
      ASM,
      issuer(),
    );
    expectOnly(log.call('tools/list'), RULE, 'note', { says: '2025-11-25' });
  });

  test('says nothing when another issuer is at the root', () => {
    expect(judged(get(named([TENANT, ISSUER]), ASM, issuer()), RULE)).toEqual([]);
  });

  test('says nothing when an MCP server without metadata is at the root', () => {
    expect(judged(get(bare401(named(), 'https://as.example.com/mcp'), ASM, issuer()), RULE)).toEqual([]);
  });

  test('says nothing of an issuer without a path, nor of a fetch before the issuer was named', () => {
    expect(judged(signedIn(), RULE)).toEqual([]);
    expect(
      judged(
        get(traffic(), ASM, issuer())
          .challenge()
          .prm({ issuers: [TENANT] }),
        RULE,
      ),
    ).toEqual([]);
  });

  test('is open when a sign-in followed without a search in the log', () => {
    expectOnly(named().reg({ issuer: TENANT }).as('REG'), RULE, 'open', { missing: ['authorization-server-metadata'] });
  });
});
