import { describe, expect, test } from 'vitest';
import { SERVER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { discovered } from '../sessions.ts';

const RULE = 'resource-parameter-consistency';
const OTHER = 'https://other.example.com/mcp';

describe(RULE, () => {
  test('passes the same value in both requests', () => {
    expectOnly(discovered().az().tk().as('TK').call(), RULE, 'pass', { at: 'TK', quoted: encodeURIComponent(SERVER) });
  });

  test.each(['2025-06-18', '2025-11-25', '2026-07-28'] as const)('is an error in %s when they differ', (revision) => {
    const log = discovered({ revision }).az().tk({ resource: OTHER }).as('TK').call();
    const culprit = { at: 'TK', part: 'request.postData', quoted: encodeURIComponent(OTHER) };
    expectOnly(log, RULE, 'error', { ...culprit, party: 'client', says: OTHER });
  });

  test('is a warning when only a slash differs', () => {
    const log = discovered()
      .az()
      .tk({ resource: `${SERVER}/` })
      .call();
    expectOnly(log, RULE, 'warning', { says: 'spelt differently' });
  });

  test('leaves a missing side to the rules that ask for it', () => {
    expect(judged(discovered().az({ resource: null }).tk().call(), RULE)).toEqual([]);
    expect(judged(discovered().az().tk({ resource: null }).call(), RULE)).toEqual([]);
  });

  test('does not apply in 2025-03-26', () => {
    const log = traffic({ revision: '2025-03-26' }).challenge();
    log.call('initialize', {
      token: null,
      body: '{"jsonrpc":"2.0","id":2,"result":{"protocolVersion":"2025-03-26","serverInfo":{}}}',
    });
    expectOnly(log.asm().az().tk({ resource: OTHER }).call(), RULE, 'notApplicable');
  });

  test('is open when the sign-in was not recorded', () => {
    const log = traffic().challenge({ scope: 'r' }).prm().asm().tk().as('TK').call();
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['authorization-request'] });
  });

  test('is open when the code may belong to another request', () => {
    const log = discovered().az({ extra: { state: 'state-of-another-sign-in' } });
    log.tk({ resource: OTHER, form: { code_verifier: 'another-verifier-012345678901234567890123456789' } }).call();
    expectOnly(log, RULE, 'open', { missing: ['authorization-request'] });
  });
});
