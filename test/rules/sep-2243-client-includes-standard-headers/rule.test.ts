import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';

const RULE = 'sep-2243-client-includes-standard-headers';

describe(RULE, () => {
  test('passes messages with their headers', () => {
    const log = traffic().call().call('tools/list').call('server/discover');
    expectOnly(log, RULE, 'pass', { part: 'request.headers.mcp-method' });
  });

  test('is an error without Mcp-Method', () => {
    const log = traffic()
      .call()
      .call('tools/list', { requestHeaders: { 'mcp-method': null } })
      .as('M');
    expectOnly(log, RULE, 'error', { at: 'M', part: 'request.url', party: 'client', says: 'Mcp-Method' });
  });

  test('is an error without Mcp-Name where something is named', () => {
    for (const what of ['search', 'resources/read', 'prompts/get']) {
      const log = traffic()
        .call('tools/list')
        .call(what, { requestHeaders: { 'mcp-name': null } })
        .as('M');
      expectOnly(log, RULE, 'error', { at: 'M', says: 'Mcp-Name' });
    }
  });

  test('takes an encoded name', () => {
    const requestHeaders = { 'mcp-name': '=?base64?c8O8ZA==?=' };
    expectOnly(traffic().call('search', { requestHeaders }), RULE, 'pass');
  });

  test('is one finding for a server', () => {
    const log = traffic();
    for (let count = 0; count < 7; count += 1) log.call('search', { requestHeaders: { 'mcp-method': null } });
    expectOnly(log, RULE, 'error', { says: '7 times' });
    expect(judged(log, RULE)[0]?.evidence).toHaveLength(5);
  });

  test('says nothing of earlier revisions and of initialize', () => {
    const requestHeaders = { 'mcp-method': null };
    expect(judged(traffic({ revision: '2025-11-25' }).call('search', { requestHeaders }), RULE)).toEqual([]);
    expect(judged(traffic().call('initialize'), RULE)).toEqual([]);
  });

  test('is open when the message was not recorded', () => {
    const log = traffic().call('search', { requestBody: '{"jsonrpc":"2.0","id":' }).as('M').cutRequest();
    expectOnly(log, RULE, 'open', { at: 'M', missing: ['request-body'] });
  });
});
