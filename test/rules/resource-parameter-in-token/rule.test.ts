import { describe, expect, test } from 'vitest';
import { SERVER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { discovered, HOUR, RT1 } from '../sessions.ts';

const RULE = 'resource-parameter-in-token';

describe(RULE, () => {
  test('passes code exchange and refresh that name the server', () => {
    const log = discovered().az().tk({ refresh: RT1 }).call().wait(HOUR).rf().call();
    expect(judged(log, RULE).map(verdictOf)).toEqual(['pass', 'pass']);
    expectOnly(discovered().az().tk().as('TK').call(), RULE, 'pass', { at: 'TK', quoted: encodeURIComponent(SERVER) });
  });

  test.each(['2025-06-18', '2025-11-25', '2026-07-28', null] as const)(
    'is an error in %s, and a warning for a refresh',
    (revision) => {
      const log = discovered({ revision }).az().tk({ resource: null, refresh: RT1 }).as('TK').call().wait(HOUR);
      log.rf({ resource: null }).as('RF').call();
      expect(judged(log, RULE).map(verdictOf)).toEqual(['error', 'warning']);
      const none = discovered({ revision }).az().tk({ resource: null }).as('TK').call();
      expectOnly(none, RULE, 'error', { at: 'TK', part: 'request.postData', quoted: null, party: 'client' });
    },
  );

  test('takes an empty value for none', () => {
    expectOnly(discovered().az().tk({ resource: '' }).call(), RULE, 'error');
  });

  test('does not apply in 2025-03-26', () => {
    const log = traffic({ revision: '2025-03-26' }).challenge();
    log.call('initialize', {
      token: null,
      body: '{"jsonrpc":"2.0","id":2,"result":{"protocolVersion":"2025-03-26","serverInfo":{}}}',
    });
    expectOnly(log.asm().az({ resource: null }).tk({ resource: null }).call(), RULE, 'notApplicable');
  });

  test('is open when the recording cut the request off', () => {
    const log = discovered().az().tk({ resource: null }).as('TK').cutRequest().call();
    expectOnly(log, RULE, 'open', { at: 'TK', missing: ['request-body'] });
  });

  test('says nothing of a sign-in that concerns no MCP server', () => {
    expect(judged(traffic().asm().az({ resource: null }).tk({ resource: null }), RULE)).toEqual([]);
  });
});
