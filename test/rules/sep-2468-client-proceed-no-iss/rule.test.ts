import { describe, expect, test } from 'vitest';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { HOUR } from '../sessions.ts';
import { signIn, UNSEEN } from '../sign-ins.ts';

const RULE = 'sep-2468-client-proceed-no-iss';
const WITHOUT = { members: {}, az: { answer: { iss: null } } } as const;

describe(RULE, () => {
  test('passes when the client goes on', () => {
    expectOnly(signIn(WITHOUT), RULE, 'pass', { at: 'landing' });
  });

  test('is a note when it left the code alone, though its token requests are in the log', () => {
    const log = signIn({ ...WITHOUT, tk: null })
      .wait(20_000)
      .az({ answer: { iss: null } })
      .tk();
    const found = judged(log, RULE);
    expect(found.map(verdictOf)).toEqual(['note', 'pass']);
    expect(found[0]).toMatchObject({
      party: 'client',
      evidence: [{ entry: log.entry('AZ') + 1, part: 'request.url' }, { entry: log.entry('ASM') }],
    });
  });

  test('says nothing when the state was wrong, iss was promised, or iss is there', () => {
    expect(
      judged(signIn({ members: {}, az: { answer: { iss: null, state: 'another-state-01234' } }, tk: null }), RULE),
    ).toEqual([]);
    expect(judged(signIn({ az: { answer: { iss: null } } }), RULE)).toEqual([]);
    expect(judged(signIn({ members: {} }), RULE)).toEqual([]);
  });

  test('is open when a token comes into use that no answer in the log issued', () => {
    const log = signIn({ ...WITHOUT, tk: null }).call('search', { token: 'token-of-a-worker-0123456789' });
    log.wait(HOUR).az({ answer: { iss: null } });
    expect(judged(log.tk().call(), RULE).map(verdictOf)).toEqual(['open', 'pass']);
  });

  test('is open when the code may have been redeemed elsewhere, and without metadata or response', () => {
    expectOnly(signIn({ ...WITHOUT, tk: null }), RULE, 'open', { at: 'landing', missing: ['token-request'] });
    expectOnly(signIn({ ...WITHOUT, members: null }), RULE, 'open', {
      at: 'landing',
      missing: ['authorization-server-metadata'],
    });
    expectOnly(signIn(UNSEEN), RULE, 'open', { at: 'TK', missing: ['authorization-response'] });
  });
});
