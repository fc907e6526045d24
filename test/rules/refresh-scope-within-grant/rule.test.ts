import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION, HOUR, RT1, signedIn } from '../sessions.ts';

const RULE = 'refresh-scope-within-grant';

describe(RULE, () => {
  test('passes without a scope, and with scopes of the grant', () => {
    expectOnly(signedIn().wait(HOUR).rf().as('RF'), RULE, 'pass', { at: 'RF', quoted: null });
    expectOnly(signedIn().wait(HOUR).rf({ requestScope: 'r' }).as('RF'), RULE, 'pass', { at: 'RF', quoted: 'r' });
  });

  test('compares with the grant, not with an earlier narrowed token (guard G12)', () => {
    const log = discovered().az({ scope: 'r w' }).tk({ scope: 'r w', refresh: RT1 }).call().wait(HOUR);
    log.rf({ requestScope: 'r', scope: 'r' }).wait(HOUR).rf({ requestScope: 'r w' });
    expect(judged(log, RULE).map(({ kind }) => kind)).toEqual(['pass', 'pass']);
  });

  test('counts offline_access as granted when it was asked for and a refresh token came', () => {
    const log = discovered()
      .az({ scope: 'r offline_access', prompt: 'consent' })
      .tk({ scope: 'r', refresh: RT1 })
      .call();
    expectOnly(log.wait(HOUR).rf({ requestScope: 'r offline_access' }), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is an error in %s: RFC 6749 asks for it', (revision) => {
    const log = signedIn({ revision }).wait(HOUR).rf({ requestScope: 'r admin' }).as('RF');
    const scope = { at: 'RF', part: 'request.postData', quoted: 'r+admin' };
    expectOnly(log, RULE, 'error', { ...scope, party: 'client', says: 'admin' });
  });

  test('is open when the grant is not in the log', () => {
    const token = 'access-token-from-before';
    const log = traffic().call('tools/list', { token }).rf({ send: RT1, requestScope: 'r' }).as('RF');
    expectOnly(log, RULE, 'open', { at: 'RF', missing: ['token-response'] });
  });
});
