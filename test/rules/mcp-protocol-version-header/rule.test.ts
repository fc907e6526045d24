import { describe, expect, test } from 'vitest';
import { SERVER, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';

const RULE = 'mcp-protocol-version-header';
const NONE = { requestHeaders: { 'mcp-protocol-version': null } } as const;

function begun(revision: '2025-03-26' | '2025-06-18' | '2025-11-25' | '2026-07-28' = '2025-11-25'): Traffic {
  return traffic({ revision }).call('initialize');
}

describe(RULE, () => {
  test('passes a client that repeats what was agreed', () => {
    expectOnly(begun().call('tools/list').call(), RULE, 'pass', { part: 'request.headers.mcp-protocol-version' });
  });

  test.each(['2025-06-18', '2025-11-25'] as const)('is an error to leave it out in %s', (revision) => {
    const log = begun(revision).call('tools/list', NONE).as('M').call('search', NONE);
    expectOnly(log, RULE, 'error', { at: 'M', part: 'request.url', party: 'client', says: `twice without` });
    const message = judged(log, RULE)[0]?.message ?? '';
    expect(message).toContain(revision);
  });

  test('finds the stream and the end of a session as well', () => {
    expectOnly(begun().call('GET', NONE).as('M'), RULE, 'error', { at: 'M' });
    const log = traffic({ revision: '2025-11-25' }).call('initialize', { headers: { 'mcp-session-id': 's-1' } });
    expectOnly(log.raw('DELETE', SERVER, {}, {}, { 'mcp-session-id': 's-1' }).as('M'), RULE, 'error', { at: 'M' });
  });

  test('leaves out initialize itself, probes, health checks and what never left', () => {
    const log = begun().call('tools/list').call('initialize', NONE).call('server/discover', NONE);
    log.raw('GET', SERVER, { status: 405 }).call('search', { ...NONE, status: 0 });
    expectOnly(log, RULE, 'pass');
  });

  test('says nothing of 2025-03-26, of 2026-07-28 and of what comes before initialize', () => {
    expect(judged(begun('2025-03-26').call('tools/list', NONE), RULE)).toEqual([]);
    expect(judged(begun('2026-07-28').call('tools/list', NONE), RULE)).toEqual([]);
    expect(judged(traffic({ revision: '2025-11-25' }).call('tools/list', NONE), RULE)).toEqual([]);
  });

  test('is open when a session began before the log', () => {
    const log = traffic({ revision: '2025-11-25' });
    log.call('tools/list', { requestHeaders: { 'mcp-protocol-version': null, 'mcp-session-id': 's-1' } }).as('M');
    expectOnly(log, RULE, 'open', { at: 'M', missing: ['initialize'] });
  });

  test('is open when clients agreed on different revisions and no session tells them apart', () => {
    const older = '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-03-26","serverInfo":{}}}';
    const log = begun().call('initialize', { body: older }).call('tools/list', NONE).as('M');
    expectOnly(log, RULE, 'open', { at: 'M', missing: ['initialize'] });
  });
});
