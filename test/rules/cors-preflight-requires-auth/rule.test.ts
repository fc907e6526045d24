import { describe, expect, test } from 'vitest';
import { PAGE, SERVER, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';

const RULE = 'cors-preflight-requires-auth';
const ASKED = 'authorization,content-type,mcp-protocol-version';
const ALLOWED = 'Authorization, Content-Type, MCP-Protocol-Version';

/** A preflight, answered in some way. */
function preflight(status: number, allowed: string | null = ALLOWED): Traffic {
  const headers = {
    'access-control-allow-origin': '*',
    ...(allowed === null ? {} : { 'access-control-allow-headers': allowed }),
  };
  const asked = { origin: PAGE, 'access-control-request-method': 'POST', 'access-control-request-headers': ASKED };
  return traffic().raw('OPTIONS', SERVER, { status, headers }, { _resourceType: 'preflight' }, asked).as('PREFLIGHT');
}

const blocked = (log: Traffic): Traffic => log.call('search', { status: 0, token: null });
const culprit = { at: 'PREFLIGHT', party: 'server', says: PAGE } as const;

describe(RULE, () => {
  test('passes a preflight that went through', () => {
    expectOnly(preflight(204).call('search', { token: null }), RULE, 'pass');
    expectOnly(preflight(200, '*, Authorization').call('search', { token: null }), RULE, 'pass');
  });

  test.each([401, 403, 405])('is a warning when it is answered %i', (status) => {
    expectOnly(blocked(preflight(status)), RULE, 'warning', { ...culprit, part: 'response.status' });
  });

  test.each([
    ['Content-Type', 'authorization, mcp-protocol-version'],
    ['*', 'authorization'],
  ])('is a warning when %s is all that is allowed', (allowed, says) => {
    expectOnly(blocked(preflight(204, allowed)), RULE, 'warning', {
      ...culprit,
      part: 'response.headers.access-control-allow-headers',
      says,
    });
  });

  test('is a warning when the request never followed', () => {
    expectOnly(preflight(401).wait(10_000).call('search', { token: null }), RULE, 'warning', culprit);
  });

  test('is open when the log ends with it', () => {
    const log = preflight(401).call('search', { token: null, after: -5000 });
    expectOnly(log, RULE, 'open', { at: 'PREFLIGHT', missing: ['later-traffic'] });
  });

  test('leaves a page alone for which CORS is switched off, and preflights for other places', () => {
    expect(judged(preflight(401).call('search', { token: null }), RULE)).toEqual([]);
    const other = traffic().raw(
      'OPTIONS',
      'https://as.example.com/token',
      { status: 401 },
      { _resourceType: 'preflight' },
      { 'access-control-request-method': 'POST' },
    );
    expect(judged(blocked(other), RULE)).toEqual([]);
  });
});
