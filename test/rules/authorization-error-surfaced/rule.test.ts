import { describe, expect, test } from 'vitest';
import { expectOnly, judged } from '../judged.ts';
import { type SignIn, signIn } from '../sign-ins.ts';

const RULE = 'authorization-error-surfaced';
const DENIED = { scope: 'r', error: 'access_denied' } as const;

/** The first answer is an error; the log goes on after it. */
function denied(options: SignIn = {}) {
  return signIn({ ...options, az: { ...DENIED, ...options.az }, tk: null });
}

describe(RULE, () => {
  test('passes when the client stops, tries once more, or waits for the user', () => {
    expectOnly(denied().wait(10_000).call('tools/list'), RULE, 'pass', { at: 'landing', quoted: 'access_denied' });
    expect(judged(denied().az(DENIED).wait(10_000).call('tools/list'), RULE).map(({ kind }) => kind)).toEqual(['pass']);
    const slow = denied().wait(8000).az(DENIED).wait(8000).az(DENIED).wait(8000).call('tools/list');
    expect(judged(slow, RULE).map(({ kind }) => kind)).toEqual(['pass', 'pass', 'pass']);
  });

  test.each(['access_denied', 'invalid_scope', 'consent_required'])(
    'is a warning when %s is met by the same request, at once and again',
    (error) => {
      const log = denied({ az: { error } })
        .az({ scope: 'r', error })
        .az({ scope: 'r', error })
        .as('third')
        .wait(10_000)
        .call('tools/list');
      expectOnly(log, RULE, 'warning', {
        at: 'third',
        part: 'request.url',
        party: 'client',
        says: `${error}, and the client sent the same request 2 more times`,
      });
    },
  );

  test('passes when the user agreed at the second time, and must sign in again at once', () => {
    const log = denied().az({ scope: 'r' }).tk({ scope: 'r' }).expired().az({ scope: 'r' }).tk({ scope: 'r' });
    expect(judged(log.wait(10_000).call('tools/list'), RULE).map(({ kind }) => kind)).toEqual(['pass']);
  });

  test('is a note before 2025-11-25', () => {
    expectOnly(denied({ revision: '2025-06-18' }).az(DENIED).az(DENIED).wait(10_000).call('tools/list'), RULE, 'note', {
      says: '2025-11-25',
    });
  });

  test('takes another scope for another request, and a page of the authorization server for the user', () => {
    const other = denied()
      .az({ ...DENIED, scope: 'w' })
      .az({ ...DENIED, scope: 'x' })
      .wait(10_000)
      .call('tools/list');
    expect(judged(other, RULE).every(({ kind }) => kind === 'pass')).toBe(true);
    const page = { ...DENIED, elsewhere: 'https://as.example.com/login' };
    const shown = denied().az(page).az(page).wait(10_000).call('tools/list');
    expect(judged(shown, RULE).every(({ kind }) => kind === 'pass')).toBe(true);
  });

  test('says nothing of other errors', () => {
    expect(
      judged(
        denied({ az: { error: 'login_required' } })
          .wait(10_000)
          .call('tools/list'),
        RULE,
      ),
    ).toEqual([]);
  });

  test('is open when the log ends with the error', () => {
    expectOnly(denied(), RULE, 'open', { at: 'landing', missing: ['later-traffic'] });
  });
});
