import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered, EVERY_REVISION, HOUR, RT1, signedIn } from '../sessions.ts';

const RULE = 'pkce-code-verifier-sent';

describe(RULE, () => {
  test('passes a code exchange with a verifier, and does not look at refreshes', () => {
    const log = discovered().az().tk({ refresh: RT1 }).as('TK').call().wait(HOUR).rf().call();
    expectOnly(log, RULE, 'pass', { at: 'TK', part: 'request.postData', quoted: 'code_verifier' });
  });

  test.each(EVERY_REVISION)('is an error in %s without a verifier, accepted or not', (revision) => {
    const accepted = discovered({ revision })
      .az()
      .tk({ form: { code_verifier: null } })
      .as('TK')
      .call();
    expectOnly(accepted, RULE, 'error', { at: 'TK', part: 'request.postData', quoted: null, party: 'client' });
    const refused = discovered({ revision })
      .az()
      .tk({ form: { code_verifier: null }, error: 'invalid_grant' })
      .as('TK');
    expectOnly(refused.call('search', { token: 'access-token-from-before' }), RULE, 'error', { at: 'TK' });
  });

  test('takes an empty verifier for none', () => {
    expectOnly(
      discovered()
        .az()
        .tk({ form: { code_verifier: '' } })
        .call(),
      RULE,
      'error',
    );
  });

  test('is open when the recording took the secrets out of an accepted request', () => {
    const log = discovered()
      .az()
      .tk({ form: { code_verifier: null, code: '[REDACTED]' } })
      .as('TK')
      .call();
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['request-body'] });
  });

  test('says nothing of a sign-in that concerns no MCP server', () => {
    const log = traffic()
      .asm()
      .az({ resource: null })
      .tk({ resource: null, form: { code_verifier: null } });
    expect(judged(log, RULE)).toEqual([]);
  });

  test('says nothing of grants without a code', () => {
    const log = signedIn().tk({ form: { grant_type: 'client_credentials', code: null, code_verifier: null } });
    expect(judged(log, RULE)).toHaveLength(1);
  });
});
