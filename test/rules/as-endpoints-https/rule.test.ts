import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { ASM, get, issuer } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'as-endpoints-https';
const PLAIN = 'http://as.example.com/token';
const answering = (members: object) => get(traffic().challenge().prm(), ASM, issuer(members)).as('ASM');

describe(RULE, () => {
  test('passes addresses that are encrypted', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'authorization-server' });
  });

  test.each(['token_endpoint', 'authorization_endpoint', 'jwks_uri', 'userinfo_endpoint'])(
    'is an error when %s is not',
    (name) => {
      const detail = {
        at: 'ASM',
        part: 'response.content',
        quoted: PLAIN,
        party: 'authorization-server',
        says: name,
      } as const;
      expectOnly(answering({ [name]: PLAIN }), RULE, 'error', detail);
    },
  );

  test('is an error when the issuer is not', () => {
    const plain = 'http://as.example.com';
    const log = get(
      traffic()
        .challenge()
        .prm({ issuers: [plain] }),
      `${plain}/.well-known/oauth-authorization-server`,
      issuer({}, plain),
    );
    expectOnly(log, RULE, 'error', { quoted: plain, says: 'issuer, authorization_endpoint' });
  });

  test('is one outcome when the address is also used', () => {
    const plain = 'http://as.example.com';
    const log = traffic({ issuer: plain }).challenge().prm().asm().reg().az().tk().call();
    expect(judged(log, RULE).map(verdictOf)).toEqual(['error']);
  });

  test('is an error when an address outside the metadata is used', () => {
    const log = traffic({ issuer: 'http://as.example.com' }).challenge().prm().az().as('AZ').tk();
    expect(judged(log, RULE).map(verdictOf)).toEqual(['error', 'error']);
    expect(judged(log, RULE)[0]?.evidence[0]?.entry).toBe(log.entry('AZ'));
  });

  test.each(['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])(
    'does not apply to %s',
    (local) => {
      expectOnly(traffic({ issuer: local }).challenge().prm().asm().reg().az().tk(), RULE, 'notApplicable');
    },
  );

  test('is open when a sign-in shows that the metadata was not recorded', () => {
    expectOnly(traffic().challenge().prm().az(), RULE, 'open', { missing: ['authorization-server-metadata'] });
  });
});
