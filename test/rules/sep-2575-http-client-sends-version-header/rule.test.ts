import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';

const RULE = 'sep-2575-http-client-sends-version-header';
const NONE = { requestHeaders: { 'mcp-protocol-version': null } } as const;

describe(RULE, () => {
  test('passes a client that sends it', () => {
    expectOnly(traffic().call().call('tools/list'), RULE, 'pass', { part: 'request.headers.mcp-protocol-version' });
  });

  test('is an error to leave it out, one for a server', () => {
    const log = traffic().call().call('search', NONE).as('M').call('search', NONE).call('tools/list', NONE);
    expectOnly(log, RULE, 'error', { at: 'M', part: 'request.url', party: 'client', says: '3 times' });
  });

  test('says nothing of earlier revisions, of the stream, of what never left', () => {
    expect(judged(traffic({ revision: '2025-11-25' }).call('search', NONE), RULE)).toEqual([]);
    expect(judged(traffic().call('GET', NONE), RULE)).toEqual([]);
    expectOnly(
      traffic()
        .call()
        .call('search', { ...NONE, status: 0 }),
      RULE,
      'pass',
    );
  });

  test('is open when the body was not recorded', () => {
    const requestHeaders = { 'mcp-protocol-version': null, 'mcp-method': 'tools/call' };
    const log = traffic()
      .call()
      .call('search', { requestHeaders, requestBody: '{"jsonrpc":"2.0","id":' })
      .as('M')
      .cutRequest();
    expectOnly(log, RULE, 'open', { at: 'M', missing: ['request-body'] });
  });
});
