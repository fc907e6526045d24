import { describe, expect, test } from 'vitest';
import { type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { granted, renewed } from '../sessions.ts';

const RULE = 'scope-step-up-escalation';
const LATER = 130_000;
const HIDDEN = { headers: { 'access-control-expose-headers': 'Mcp-Session-Id' } } as const;

describe(RULE, () => {
  test('passes when the challenged scopes are asked for, or the refusal is handed on', () => {
    const header = { at: '403', part: 'response.headers.www-authenticate', quoted: 'w' };
    expectOnly(renewed(granted('r').forbidden('w').as('403'), 'r w'), RULE, 'pass', header);
    const told = granted('r').ask('write', 'call_1').forbidden('w').tell('call_1', 'needs scope w', 'write');
    expectOnly(told.wait(LATER).call('tools/list'), RULE, 'pass', { says: 'handed the refusal on' });
  });

  test.each(['2025-11-25', '2026-07-28'] as const)(
    'is a warning in %s when the client goes on for two minutes',
    (revision) => {
      const log = granted('r', { revision }).forbidden('w').as('403').wait(LATER).call('tools/list');
      const header = { at: '403', part: 'response.headers.www-authenticate', quoted: 'w', party: 'client' } as const;
      expectOnly(log, RULE, 'warning', { ...header, says: 'two minutes' });
    },
  );

  test('passes when a broader scope is asked for, or the call is carried out later with a token got out of sight', () => {
    const broader = renewed(granted('r').forbidden('files:write').as('403'), 'r files:*').call('write');
    expectOnly(broader.wait(LATER).call('tools/list'), RULE, 'pass', { at: '403', says: 'asked for files:write' });
    const log = granted('r').forbidden('w').as('403').call('write', { token: 'token-of-a-worker-0123456789' });
    expectOnly(log.wait(LATER).call('tools/list'), RULE, 'pass', { at: '403', says: 'carried out later' });
  });

  test('an authorization request for something else is no step-up', () => {
    const log = renewed(granted('r').forbidden('w').as('403'), 'r').wait(LATER).call('tools/list');
    expectOnly(log, RULE, 'warning', { at: '403' });
  });

  test('repeated refusals of one operation are one occasion', () => {
    const log = granted('r').forbidden('w').as('403').forbidden('w').wait(LATER).call('tools/list');
    expectOnly(log, RULE, 'warning', { at: '403' });
    expect(judged(log, RULE)[0]?.evidence).toHaveLength(2);
  });

  test('is open when the log ends too soon, or no authorization request was ever recorded', () => {
    expectOnly(granted('r').forbidden('w').as('403'), RULE, 'open', { at: '403', missing: ['later-traffic'] });
    const token = 'opaque-token-from-before';
    const late = traffic().forbidden('w', 'write', { token }).wait(LATER).call('tools/list', { token });
    expectOnly(late, RULE, 'open', { missing: ['authorization-request'] });
  });

  test('is open when the header fields that would tell whether the page could read the challenge were left out', () => {
    const log = granted('r').forbidden('w', 'write', HIDDEN).leftOut('origin').as('403').wait(LATER).call('tools/list');
    expectOnly(log, RULE, 'open', { at: '403', missing: ['challenge-as-received'] });
  });

  test('is open when the client has a token since that no answer in the log issued', () => {
    const log = granted('r')
      .forbidden('w')
      .as('403')
      .wait(5000)
      .call('tools/list', { token: 'token-of-a-popup-0123456789' });
    expectOnly(log.wait(LATER).call('search'), RULE, 'open', { at: '403', says: 'another token' });
  });

  test('does not apply to a client that signed out, nor is its new sign-in a step-up', () => {
    const log = granted('r').forbidden('w').as('403').wait(5000).forget().challenge({ scope: 'r' }).az({ scope: 'r' });
    log.tk({ scope: 'r' }).wait(LATER).call('tools/list');
    expectOnly(log, RULE, 'notApplicable', { at: '403', says: 'signed out' });
    expect(judged(log, 'challenge-scope-authoritative')).toEqual([]);
  });

  test('does not apply when the same was asked for before and not granted', () => {
    const again = (log: Traffic) => log.call().forbidden('w').as('403').wait(LATER).call();
    const begun = () =>
      traffic()
        .prm()
        .asm({ scopes: ['r', 'w'] })
        .reg();
    const narrowed = again(begun().az({ scope: 'r w' }).tk({ scope: 'r' }));
    expectOnly(narrowed, RULE, 'notApplicable', { at: '403', says: 'was not granted' });
    const denied = begun().az({ scope: 'r w', error: 'access_denied' }).az({ scope: 'r' }).tk({ scope: 'r' });
    expectOnly(again(denied), RULE, 'notApplicable', { at: '403', says: 'was not granted' });
    expectOnly(again(begun().az({ scope: 'r w' }).tk({ scope: 'r w' })), RULE, 'warning');
  });

  test('is open when one sign-in before was not seen: neither may this one be', () => {
    const mixed = granted('r')
      .wait(LATER)
      .expired()
      .tk({ scope: 'r' })
      .call()
      .forbidden('w')
      .as('403')
      .wait(LATER)
      .call();
    expectOnly(mixed, RULE, 'open', { at: '403', missing: ['authorization-request'] });
  });

  test('is open when a sign-in followed whose request was not recorded, and whose user narrowed it', () => {
    const popup = granted('r').forbidden('w').as('403').tk({ scope: 'r' }).wait(LATER).call('tools/list');
    expectOnly(popup, RULE, 'open', { at: '403', missing: ['authorization-request'], says: 'A sign-in followed' });
  });

  test('does not apply when the script could not read the challenge', () => {
    const log = granted('r').forbidden('w', 'write', HIDDEN).wait(LATER).call('tools/list');
    expectOnly(log, RULE, 'notApplicable', { says: 'could not read' });
  });

  test('says nothing of a 403 without insufficient_scope, nor of one without a token', () => {
    const other = granted('r').call('write', { status: 403, challenge: 'Bearer error="invalid_request"' });
    expect(judged(other.wait(LATER).call('tools/list'), RULE)).toEqual([]);
    expect(judged(granted('r').forbidden('w', 'write', { token: null }).wait(LATER).call('tools/list'), RULE)).toEqual(
      [],
    );
  });
});
