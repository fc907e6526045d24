import { describe, expect, test } from 'vitest';
import { ISSUER, SERVER, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectDetails, expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, EVERY_REVISION, HOUR, R_OA, RENEWED, RT1 } from '../sessions.ts';
import { PUSHED_UNSEEN } from '../sign-ins.ts';

const RULE = 'sep-2207-offline-access-requested';
const WITHOUT = { scope: 'r' } as const;
const ONLY_CODE = { grants: ['authorization_code'] } as const;
const offered = () =>
  traffic()
    .challenge(WITHOUT)
    .prm()
    .asm({ scopes: ['r', 'offline_access'] });

describe(RULE, () => {
  test('passes when it is requested, or a refresh token comes without it', () => {
    expectOnly(discovered().az(RENEWED).as('AZ').tk({ scope: R_OA, refresh: RT1 }), RULE, 'pass', {
      at: 'AZ',
      quoted: 'r+offline_access',
    });
    expectOnly(discovered().az(WITHOUT).as('AZ').tk({ scope: 'r', refresh: RT1 }), RULE, 'pass', {
      at: 'AZ',
      quoted: 'r',
    });
  });

  test('passes when the authorization server does not offer it', () => {
    expectOnly(
      traffic()
        .challenge()
        .prm()
        .asm({ scopes: ['r'] })
        .reg()
        .az(WITHOUT)
        .tk(WITHOUT),
      RULE,
      'pass',
    );
  });

  test.each(EVERY_REVISION)('is a note in %s, a warning once the user signs in again (law 1)', (revision) => {
    const log = discovered({ revision }).az(WITHOUT).as('AZ').tk(WITHOUT).call('tools/list');
    const request = { at: 'AZ', part: 'request.url', quoted: 'r', party: 'client' } as const;
    expectOnly(log, RULE, 'note', { ...request, says: 'requested r only' });
    expect(judged(log, RULE)[0]?.subject).toBe(SERVER);
    const [first] = judged(log.wait(HOUR).expired().az(RENEWED).as('again').tk({ scope: R_OA, refresh: RT1 }), RULE);
    expect(first && verdictOf(first)).toBe('warning');
    if (first) expectDetails(log, first, { ...request, says: 'had to sign in again after 60 min' });
    expect(first?.evidence.at(-1)?.entry).toBe(log.entry('again'));
  });

  test('is a warning when the 401 reached the model', () => {
    const log = discovered().az(WITHOUT).as('AZ').tk(WITHOUT).call('tools/list').wait(HOUR);
    log.ask('search', 'call_1').expired().tell('call_1', 'Unauthorized').as('LLM');
    expectOnly(log, RULE, 'warning', { at: 'AZ', says: 'reached the model' });
    expect(judged(log, RULE)[0]?.evidence.at(-1)?.entry).toBe(log.entry('LLM'));
  });

  test('is a warning when the client registered anew for the sign-in that the 401 led to', () => {
    const again = (issuer: string) => {
      const log = discovered().az(WITHOUT).tk({ scope: 'r' }).call().wait(HOUR).expired();
      log.asm({ scopes: ['r', 'offline_access'], issuer }).reg({ clientId: 'client-two-0002', issuer });
      return log
        .az({ ...WITHOUT, issuer })
        .tk({ scope: 'r', issuer })
        .call();
    };
    expect(judged(again(ISSUER), RULE).map(verdictOf)).toEqual(['warning', 'note']);
    // Another authorization server: no refresh token of the old one would have helped.
    expect(judged(again('https://new-as.example.net'), RULE).map(verdictOf)).toEqual(['note', 'note']);
  });

  test('a fresh token that the server never took was not refused for its age: no harm', () => {
    const refused = discovered().az(WITHOUT).tk(WITHOUT).expired();
    const log = refused.az(WITHOUT).tk(WITHOUT).expired().az(WITHOUT).tk(WITHOUT);
    expect(judged(log, RULE).map(verdictOf)).toEqual(['note', 'note', 'note']);
    const late = discovered().az(WITHOUT).tk(WITHOUT).wait(HOUR).expired().az(WITHOUT).tk(WITHOUT);
    expect(judged(late, RULE).map(verdictOf)).toEqual(['warning', 'note']);
  });

  test('a server that refuses the new token of the same issuer too has moved away from it: no harm', () => {
    const moved = (again: (log: Traffic) => Traffic) =>
      again(discovered().az(WITHOUT).tk(WITHOUT).call().wait(60_000).expired().az(WITHOUT).tk(WITHOUT));
    expect(
      judged(
        moved((log) => log.expired()),
        RULE,
      ).map(verdictOf),
    ).toEqual(['note', 'note']);
    expect(
      judged(
        moved((log) => log.call()),
        RULE,
      ).map(verdictOf),
    ).toEqual(['warning', 'note']);
  });

  test('a sign-in that shows the user nothing (prompt=none) is no harm, unless another must follow', () => {
    const silent = { ...WITHOUT, prompt: 'none' };
    const expired = () => discovered().az(WITHOUT).tk(WITHOUT).call().wait(HOUR).expired();
    const renewed = expired().az(silent).tk(WITHOUT).call();
    expect(judged(renewed, RULE).map(verdictOf)).toEqual(['note', 'note']);
    const asked = expired()
      .az({ ...silent, error: 'login_required' })
      .az(WITHOUT)
      .as('again')
      .tk(WITHOUT)
      .call();
    expect(judged(asked, RULE).map(verdictOf)).toEqual(['warning', 'note', 'note']);
    expect(judged(asked, RULE)[0]?.evidence.at(-1)?.entry).toBe(asked.entry('again'));
  });

  test('an authorization server that gives refresh tokens unasked gives them whichever request is redeemed', () => {
    const log = discovered().az(WITHOUT).azWithout('client_id', WITHOUT).az(WITHOUT).tk({ scope: 'r', refresh: RT1 });
    expect(judged(log, RULE).map(verdictOf)).toEqual(['notApplicable', 'notApplicable', 'pass']);
  });

  test('a sign-in while the token was still good is no harm', () => {
    const log = discovered()
      .az(WITHOUT)
      .tk(WITHOUT)
      .call('tools/list')
      .wait(60_000)
      .az(RENEWED)
      .tk({ scope: R_OA, refresh: RT1 });
    expect(judged(log, RULE).map(verdictOf)).toEqual(['note', 'pass']);
  });

  test.each([
    ['2026-07-28', 'warning'],
    ['2025-11-25', 'note'],
  ] as const)('in %s one lost at step-up is a %s', (revision, level) => {
    const log = discovered({ revision }).az(RENEWED).tk({ scope: R_OA, refresh: RT1 }).call('tools/list');
    log.forbidden('w').az({ scope: 'r w' }).as('AZ').tk({ scope: 'r w' });
    const [, lost] = judged(log, RULE);
    expect(lost && verdictOf(lost)).toBe(level);
    if (lost) expectDetails(log, lost, { at: 'AZ', quoted: 'r+w', says: 'left out at step-up' });
  });

  test('points into the metadata that offers it', () => {
    const log = traffic()
      .challenge()
      .prm()
      .asm({ scopes: ['r', 'offline_access'] })
      .as('ASM')
      .reg()
      .az(WITHOUT)
      .tk(WITHOUT);
    const offer = judged(log, RULE)[0]?.evidence[1];
    expect(offer).toMatchObject({ entry: log.entry('ASM'), part: 'response.content' });
  });

  test('is open when the request, the metadata or its scopes are not in the log', () => {
    expectOnly(discovered().tk(WITHOUT).as('TK').call(), RULE, 'open', {
      at: 'TK',
      missing: ['authorization-request'],
    });
    const late = traffic().az(WITHOUT).as('AZ').tk(WITHOUT).call();
    expectOnly(late, RULE, 'open', { at: 'AZ', missing: ['authorization-server-metadata'] });
    const asking = traffic().az(RENEWED).as('AZ').tk(WITHOUT).call();
    expectOnly(asking, RULE, 'open', { at: 'AZ', missing: ['authorization-server-metadata'] });
    const unlisted = traffic().challenge().prm().asm().reg().az(WITHOUT).as('AZ').tk(WITHOUT);
    expectOnly(unlisted, RULE, 'open', { at: 'AZ', missing: ['scopes-supported'] });
  });

  test('a refresh shows that a refresh token came with an answer that was lost, and that none need be asked for', () => {
    const twice = discovered().az(WITHOUT).az(WITHOUT).tk({ scope: 'r', refresh: RT1 }).withoutBody().call();
    expect(judged(twice, RULE).map(verdictOf)).toEqual(['note', 'note']);
    const refreshed = twice.wait(HOUR).expired().rf({ send: RT1 }).call();
    expect(judged(refreshed, RULE).map(verdictOf)).toEqual(['notApplicable', 'pass']);
  });

  test('without metadata a refresh token is a pass', () => {
    expectOnly(traffic().az(WITHOUT).tk({ scope: 'r', refresh: RT1 }).call(), RULE, 'pass');
  });

  test('a client that registered without the grant is not judged; its harm is told (law 3)', () => {
    const log = offered().reg(ONLY_CODE).az(WITHOUT).as('AZ').tk(WITHOUT).call('tools/list');
    expectOnly(log, RULE, 'notApplicable', { at: 'AZ' });
    const found = judged(log.wait(HOUR).expired().az(WITHOUT).tk(WITHOUT), RULE).map(verdictOf);
    expect(found.toSorted()).toEqual(['informational', 'notApplicable', 'notApplicable']);
  });

  test("a vendor's own switch takes its place", () => {
    for (const extra of [
      { access_type: 'offline' },
      { token_access_type: 'offline' },
      { duration: 'permanent' },
    ] as const) {
      expectOnly(discovered().az({ scope: 'r', extra }).tk(WITHOUT), RULE, 'notApplicable');
    }
  });

  test('is open while the pushed parameters are in no recorded request', () => {
    const log = discovered().az(PUSHED_UNSEEN).tk({ scope: 'r' }).call();
    expectOnly(log, RULE, 'open', { missing: ['authorization-request'] });
  });
});
