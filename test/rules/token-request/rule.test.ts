import { describe, expect, test } from 'vitest';
import { ISSUER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, EVERY_REVISION, HOUR, RT1, signedIn } from '../sessions.ts';

const RULE = 'token-request';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const refused = { error: 'invalid_request' } as const;

describe(RULE, () => {
  test('passes code exchange and refresh with what they need', () => {
    const log = discovered().az().tk({ refresh: RT1 }).call().wait(HOUR).rf().call();
    expect(judged(log, RULE).map(verdictOf)).toEqual(['pass', 'pass']);
  });

  test('is open when the request is in the log without its headers', () => {
    // Registered by hand: it may authenticate by HTTP Basic.
    const log = traffic().challenge().prm().asm().az();
    log
      .tk({ form: { client_id: null } })
      .as('TK')
      .withoutRequestHeaders()
      .call();
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['authorization-header'] });
  });

  test('passes a client that names itself by authenticating', () => {
    const requestHeaders = { authorization: `Basic ${btoa('client-one-0001:secret')}` };
    expectOnly(
      discovered()
        .az()
        .tk({ form: { client_id: null }, requestHeaders })
        .call(),
      RULE,
      'pass',
    );
    expectOnly(
      discovered()
        .az()
        .tk({ form: { client_id: null, client_assertion: 'a.b.c' } })
        .call(),
      RULE,
      'pass',
    );
  });

  test.each(EVERY_REVISION)('is an error in %s without code or client_id: RFC 6749 asks for them', (revision) => {
    const noCode = discovered({ revision })
      .az()
      .tk({ form: { code: null }, ...refused })
      .as('TK')
      .call('search', { token: 'access-token-from-before' });
    expectOnly(noCode, RULE, 'error', { at: 'TK', part: 'request.postData', party: 'client', says: 'no code' });
    const noClient = discovered({ revision })
      .az()
      .tk({ form: { client_id: null } })
      .as('TK')
      .call();
    expectOnly(noClient, RULE, 'error', { at: 'TK', says: 'no client_id' });
  });

  test('is an error without the refresh_token parameter; an empty one is another rule', () => {
    const none = signedIn()
      .wait(HOUR)
      .rf({ send: null, ...refused })
      .as('RF');
    expect(judged(none, RULE).map(verdictOf)).toEqual(['pass', 'error']);
    expect(
      judged(
        signedIn()
          .wait(HOUR)
          .rf({ send: '', ...refused }),
        RULE,
      ).map(verdictOf),
    ).toEqual(['pass', 'pass']);
  });

  test('is an error without grant_type', () => {
    const log = discovered().az();
    log.raw(
      'POST',
      `${ISSUER}/token`,
      { status: 400, body: '{"error":"unsupported_grant_type"}' },
      {},
      FORM,
      'code=code-1-abcdefghijklmnop&client_id=client-one-0001',
    );
    expectOnly(log.as('TK'), RULE, 'error', {
      at: 'TK',
      part: 'request.postData',
      quoted: 'code',
      says: 'no grant_type',
    });
  });

  test('is open when an accepted request lacks what it cannot lack', () => {
    expectOnly(
      discovered()
        .az()
        .tk({ form: { code: null } })
        .as('TK')
        .call(),
      RULE,
      'open',
      { at: 'TK', missing: ['request-body'] },
    );
  });

  test('is open when the client may authenticate unseen', () => {
    const log = traffic()
      .challenge()
      .prm()
      .asm()
      .az()
      .tk({ form: { client_id: null } })
      .as('TK')
      .call('search', { token: null });
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['authorization-header'] });
  });

  test('says nothing of programs and of other bodies at the endpoint', () => {
    const log = signedIn().raw('POST', `${ISSUER}/token`, { status: 400 }, {}, FORM, '[REDACTED]');
    log.tk({ form: { grant_type: 'client_credentials', code: null, client_id: null, code_verifier: null } });
    expectOnly(log, RULE, 'pass');
  });
});
