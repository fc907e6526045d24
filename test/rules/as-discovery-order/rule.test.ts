import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { ASM, get, issuer, lasting, missing, OPENID, unanswered } from '../metadata.ts';
import { signedIn } from '../sessions.ts';

const RULE = 'as-discovery-order';
const TENANT = 'https://as.example.com/tenant1';
const INSERTED = 'https://as.example.com/.well-known/oauth-authorization-server/tenant1';
const OPENID_INSERTED = 'https://as.example.com/.well-known/openid-configuration/tenant1';
const APPENDED = `${TENANT}/.well-known/openid-configuration`;
const named = () => traffic().challenge().prm();
const tenant = (name = TENANT) =>
  traffic()
    .challenge()
    .prm({ issuers: [name] });

describe(RULE, () => {
  test('passes the first place, and the second after the first', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'client' });
    expectOnly(get(missing(named(), ASM), OPENID, issuer()), RULE, 'pass');
  });

  test('passes the three places of an issuer with a path', () => {
    expectOnly(get(missing(missing(tenant(), INSERTED), OPENID_INSERTED), APPENDED, issuer({}, TENANT)), RULE, 'pass');
  });

  test('is an error when OpenID comes first', () => {
    const log = get(named(), OPENID, issuer()).as('openid');
    expectOnly(log, RULE, 'error', { at: 'openid', part: 'request.url', party: 'client', says: ASM });
    expectOnly(get(missing(named(), OPENID).as('openid'), ASM, issuer()), RULE, 'error', { at: 'openid' });
  });

  test('is an error when the appended place comes before the inserted one', () => {
    const log = get(missing(tenant(), INSERTED), APPENDED, issuer({}, TENANT)).as('appended');
    expectOnly(log, RULE, 'error', { at: 'appended', says: OPENID_INSERTED });
  });

  test('is a note when a place is tried while another is awaited', () => {
    expectOnly(missing(lasting(missing(named(), ASM), 500), OPENID), RULE, 'note', { says: 'still waited' });
  });

  test('takes a repeated fetch, and a slash at the end, for the same place', () => {
    expectOnly(get(missing(unanswered(named(), ASM), ASM), OPENID, issuer()), RULE, 'pass');
    expectOnly(
      missing(missing(missing(tenant(`${TENANT}/`), `${INSERTED}/`), OPENID_INSERTED), APPENDED),
      RULE,
      'pass',
    );
  });

  test('is a note before 2025-11-25', () => {
    const log = get(traffic({ revision: '2025-06-18' }).challenge().prm(), OPENID, issuer())
      .reg()
      .az()
      .tk()
      .call();
    expectOnly(log, RULE, 'note', { says: '2025-11-25' });
  });

  test('is open when the search began before the log shows why', () => {
    expectOnly(get(traffic(), OPENID, issuer()).challenge().prm(), RULE, 'open', { missing: ['earlier-discovery'] });
  });

  test('leaves the place without the path to its own rule', () => {
    expect(judged(get(tenant(), ASM, issuer()), RULE)).toEqual([]);
  });
});
