import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';

const RULE = 'sep-2575-http-version-header-matches-meta';
const OTHER = { requestHeaders: { 'mcp-protocol-version': '2025-11-25' } } as const;

describe(RULE, () => {
  test('passes a header that says what the message says', () => {
    expectOnly(traffic().call(), RULE, 'pass', { part: 'request.headers.mcp-protocol-version', quoted: '2026-07-28' });
  });

  test("is the client's error when they differ", () => {
    const log = traffic()
      .call()
      .call('search', { ...OTHER, status: 400 })
      .as('M')
      .call('list', { ...OTHER, status: 400 });
    const part = 'request.headers.mcp-protocol-version';
    expectOnly(log, RULE, 'error', { at: 'M', part, quoted: '2025-11-25', party: 'client', says: 'twice' });
  });

  test("is the server's error as well when it answers", () => {
    const log = traffic().call('search', OTHER).as('M');
    const found = judged(log, RULE);
    expect(found.map(({ party, level }) => `${party} ${level}`).toSorted()).toEqual(['client error', 'server error']);
  });

  test('says nothing of messages that name no revision', () => {
    expect(judged(traffic({ revision: '2025-11-25' }).call('search'), RULE)).toEqual([]);
  });

  test('is open when the message was not recorded', () => {
    const log = traffic().call('search', { requestBody: '{"jsonrpc":"2.0","id":' }).as('M').cutRequest();
    expectOnly(log, RULE, 'open', { at: 'M', missing: ['request-body'] });
  });
});
