import { describe, expect, test } from 'vitest';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, EVERY_REVISION, HOUR, RT1 } from '../sessions.ts';

const RULE = 'authorization-code-grant';

describe(RULE, () => {
  test('passes JSON that may not be stored, of code exchange and refresh', () => {
    const log = discovered().az().tk({ refresh: RT1 }).call().wait(HOUR).rf().call();
    expect(judged(log, RULE).map(verdictOf)).toEqual(['pass', 'pass']);
    const many = discovered()
      .az()
      .tk({ answerHeaders: { 'cache-control': 'private, No-Store, max-age=0' } })
      .as('TK')
      .call();
    expectOnly(many, RULE, 'pass', { at: 'TK', part: 'response.headers.cache-control' });
  });

  test.each(EVERY_REVISION)('is an error in %s when the answer may be stored', (revision) => {
    const none = discovered({ revision })
      .az()
      .tk({ answerHeaders: { 'cache-control': null } })
      .as('TK')
      .call();
    expectOnly(none, RULE, 'error', {
      at: 'TK',
      part: 'response.status',
      party: 'authorization-server',
      says: 'no-store',
    });
    const other = discovered({ revision })
      .az()
      .tk({ answerHeaders: { 'cache-control': 'no-cache' } })
      .as('TK')
      .call();
    expectOnly(other, RULE, 'error', { at: 'TK', part: 'response.headers.cache-control' });
  });

  test('is an error when the answer is a form, as one provider has it', () => {
    const answerBody = 'access_token=access-token-of-a-form&token_type=bearer&scope=r';
    const log = discovered().az().tk({ answerBody, answerType: 'application/x-www-form-urlencoded' }).as('TK').call();
    expectOnly(log, RULE, 'error', { at: 'TK', part: 'response.content', says: 'not JSON' });
  });

  test('is an error without access_token or token_type', () => {
    const noType = discovered().az().tk({ answerBody: '{"access_token":"access-token-0123456789"}' }).as('TK').call();
    expectOnly(noType, RULE, 'error', { at: 'TK', says: 'token_type' });
    const noToken = discovered().az().tk({ answerBody: '{"ok":true}' }).as('TK').call();
    expectOnly(noToken, RULE, 'error', { at: 'TK', says: 'access_token' });
  });

  test('leaves an error in a 200 to token-error-status', () => {
    const log = discovered().az().tk({ answerBody: '{"error":"invalid_grant"}' }).call();
    expect(judged(log, RULE)).toEqual([]);
  });

  test('is open when the headers were not recorded', () => {
    const log = discovered().az().tk().as('TK').withoutResponseHeaders().call();
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['response-headers'] });
  });

  test('judges the headers alone when the body was not recorded', () => {
    const log = discovered().az().tk({ answerBody: '' }).call('search', { token: 'access-token-0123456789' });
    expectOnly(log, RULE, 'pass');
  });
});
