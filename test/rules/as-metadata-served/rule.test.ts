import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { ASM, agreeOnOldest, get, issuer, missing, OPENID, unanswered } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'as-metadata-served';
const TENANT = 'https://as.example.com/tenant1';
const named = () => traffic().challenge().prm();
const open = { missing: ['authorization-server-metadata'] };

describe(RULE, () => {
  test('passes metadata at either place', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'authorization-server' });
    expectOnly(get(missing(named(), ASM), OPENID, issuer()), RULE, 'pass');
  });

  test('is an error when every place was tried and none has it', () => {
    const log = missing(missing(named(), ASM), OPENID).as('last');
    expectOnly(log, RULE, 'error', {
      at: 'last',
      part: 'response.status',
      party: 'authorization-server',
      says: 'None of the 2',
    });
  });

  test('is an error when a document lacks what metadata must have', () => {
    expectOnly(missing(get(named(), ASM, issuer({ token_endpoint: undefined })), OPENID), RULE, 'error');
    expectOnly(missing(get(named(), ASM, '<html></html>', { mimeType: 'text/html' }), OPENID), RULE, 'error');
  });

  test('wants no authorization endpoint where no grant uses it', () => {
    const machine = issuer({ authorization_endpoint: undefined, grant_types_supported: ['client_credentials'] });
    expectOnly(get(named(), ASM, machine), RULE, 'pass');
  });

  test('is open while a place was not tried', () => {
    expectOnly(missing(named(), ASM), RULE, 'open', { ...open, says: OPENID });
    const log = traffic()
      .challenge()
      .prm({ issuers: [TENANT] });
    missing(
      missing(log, 'https://as.example.com/.well-known/oauth-authorization-server/tenant1'),
      `${TENANT}/.well-known/openid-configuration`,
    );
    expectOnly(log, RULE, 'open', open);
  });

  test('is open when an answer was blocked, put off or refused by a gate', () => {
    expectOnly(missing(unanswered(named(), ASM), OPENID), RULE, 'open', open);
    expectOnly(missing(missing(named(), ASM, 429), OPENID), RULE, 'open', open);
    expectOnly(missing(missing(named(), ASM, 403), OPENID), RULE, 'open', open);
  });

  test('is a warning in 2025-03-26', () => {
    const log = missing(
      missing(
        agreeOnOldest(traffic({ revision: '2025-03-26' }))
          .challenge()
          .prm(),
        ASM,
      ),
      OPENID,
    );
    expectOnly(log, RULE, 'warning');
  });

  test('says nothing of an issuer that nobody asked, and of one that no server names', () => {
    expect(judged(named(), RULE)).toEqual([]);
    expect(judged(missing(missing(traffic().challenge(), ASM), OPENID), RULE)).toEqual([]);
  });
});
