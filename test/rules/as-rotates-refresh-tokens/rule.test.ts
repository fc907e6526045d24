import { describe, expect, test } from 'vitest';
import { type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, HOUR, RT1 } from '../sessions.ts';

const RULE = 'as-rotates-refresh-tokens';
const held = (log: Traffic) => log.az().tk({ refresh: RT1 }).call().wait(HOUR);
const initialized = '{"jsonrpc":"2.0","id":2,"result":{"protocolVersion":"2025-03-26","serverInfo":{}}}';

describe(RULE, () => {
  test('passes a new refresh token', () => {
    expectOnly(held(discovered()).rf().as('RF').call(), RULE, 'pass', { at: 'RF', part: 'response.content' });
  });

  test.each(['2025-06-18', '2025-11-25', '2026-07-28', null] as const)(
    'is an error in %s when it stays',
    (revision) => {
      const none = held(discovered({ revision })).rf({ refresh: null }).as('RF').call();
      expectOnly(none, RULE, 'error', { at: 'RF', party: 'authorization-server', says: 'no new refresh token' });
      const same = held(discovered({ revision })).rf({ refresh: RT1 }).as('RF').call();
      expectOnly(same, RULE, 'error', { at: 'RF', says: 'the same refresh token' });
    },
  );

  test('is a warning in 2025-03-26, which says SHOULD', () => {
    const log = traffic({ revision: '2025-03-26' })
      .challenge()
      .call('initialize', { token: null, body: initialized })
      .asm()
      .reg();
    expectOnly(held(log).rf({ refresh: null }).call(), RULE, 'warning');
  });

  test('does not apply to a client that authenticates, or proves that it holds a key', () => {
    const log = traffic().challenge().prm().asm();
    const answered = { token_endpoint_auth_method: 'client_secret_post', client_secret: 'secret' };
    const form = { client_secret: 'secret' };
    const confidential = log.reg({ answered }).az().tk({ refresh: RT1, form }).call().wait(HOUR);
    expectOnly(confidential.rf({ refresh: null, form }).call(), RULE, 'notApplicable');
    const bound = held(discovered())
      .rf({ refresh: null, requestHeaders: { dpop: 'a.b.c' } })
      .call();
    expectOnly(bound, RULE, 'notApplicable');
  });

  test('judges an unregistered client by what it sends', () => {
    const log = held(traffic().challenge().prm().asm()).rf({ refresh: null }).call();
    expectOnly(log, RULE, 'error');
  });

  test('is open when the client may authenticate unseen', () => {
    const log = traffic().challenge().prm().asm().az().tk({ refresh: RT1 }).call('search', { token: null }).wait(HOUR);
    expectOnly(log.rf({ refresh: null }), RULE, 'open', { missing: ['client-registration'] });
  });

  test('is open when the answer was not recorded', () => {
    const log = held(discovered()).rf({ answerBody: '' }).as('RF').cutAnswer();
    expectOnly(log, RULE, 'open', { at: 'RF', missing: ['token-response'] });
  });

  test('forgives a repeated refresh that is answered as before', () => {
    const log = held(discovered()).rf({ refresh: 'refresh-token-two-0002' }).rf({ send: RT1, refresh: RT1 });
    expectOnly(log, RULE, 'pass');
  });

  test('says nothing without a refresh that was granted', () => {
    expect(judged(held(discovered()).rf({ error: 'invalid_grant' }), RULE)).toEqual([]);
  });
});
