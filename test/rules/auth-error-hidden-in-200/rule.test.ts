import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { EVERY_REVISION, HOUR, signedIn } from '../sessions.ts';

const RULE = 'auth-error-hidden-in-200';
const failed = (text: string): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, result: { isError: true, content: [{ type: 'text', text }] } });
const error = JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32001, message: 'Unauthorized' } });

describe(RULE, () => {
  test('passes a 401', () => {
    expectOnly(signedIn().expired(), RULE, 'pass');
  });

  test.each(EVERY_REVISION)('is an error in %s when the token had run out', (revision) => {
    const log = signedIn({ revision })
      .wait(2 * HOUR)
      .call('search', { body: failed('HTTP 401: go away') })
      .as('HIDDEN');
    expectOnly(log, RULE, 'error', {
      at: 'HIDDEN',
      part: 'response.content',
      quoted: 'HTTP 401',
      party: 'server',
      says: 'had run out',
    });
  });

  test('is an error when the token was refused elsewhere, or only a new one helps', () => {
    const elsewhere = signedIn().expired('write').call('search', { body: error }).as('HIDDEN');
    const [found] = judged(elsewhere, RULE).filter(({ kind }) => kind === 'fail');
    expect(found).toMatchObject({ level: 'error' });
    expect(found?.evidence[0]).toMatchObject({ entry: elsewhere.entry('HIDDEN'), part: 'response.content' });
    const helped = signedIn().call('search', { body: error }).as('HIDDEN').rf().call('search');
    expectOnly(helped, RULE, 'error', { at: 'HIDDEN', quoted: 'Unauthorized', says: 'new token' });
  });

  test('is not applicable without proof, and silent for other failures', () => {
    const upstream = signedIn().call('search', { body: error }).rf().call('write');
    expectOnly(upstream, RULE, 'notApplicable');
    expect(
      judged(
        signedIn()
          .wait(2 * HOUR)
          .call('search', { body: failed('Invoice 4012 is not paid') }),
        RULE,
      ),
    ).toEqual([]);
    expect(
      judged(
        signedIn()
          .wait(2 * HOUR)
          .call('search'),
        RULE,
      ),
    ).toEqual([]);
  });

  test('is open when the answer to a dead token was not recorded', () => {
    const log = signedIn()
      .wait(2 * HOUR)
      .call('search')
      .withoutBody()
      .as('HIDDEN');
    expectOnly(log, RULE, 'open', { at: 'HIDDEN', missing: ['response-body'] });
  });
});
