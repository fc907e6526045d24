import { describe, expect, test } from 'vitest';
import { type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { granted } from '../sessions.ts';

const RULE = 'prm-location-discoverable';
const ROOT = 'https://mcp.example.com/.well-known/oauth-protected-resource';
const silent = { status: 401, token: null, challenge: 'Bearer realm="x"' } as const;
const refused = (revision: '2025-03-26' | '2025-06-18' | '2026-07-28' | null = '2026-07-28'): Traffic =>
  traffic({ revision }).call('search', silent).as('REFUSED');
const culprit = {
  at: 'REFUSED',
  part: 'response.headers.www-authenticate',
  quoted: 'Bearer realm="x"',
  party: 'server',
} as const;

describe(RULE, () => {
  test('passes a challenge that names it, and a document at its well-known place', () => {
    expectOnly(traffic().challenge(), RULE, 'pass', {
      part: 'response.headers.www-authenticate',
      quoted: `${ROOT}/mcp`,
    });
    expectOnly(refused().prm(), RULE, 'pass');
    expectOnly(
      refused()
        .raw('GET', `${ROOT}/mcp`, { status: 404 })
        .raw('GET', ROOT, { body: '{"resource":"https://mcp.example.com/mcp"}' }),
      RULE,
      'pass',
    );
  });

  test.each(['2026-07-28', null] as const)('is an error in %s when both places are empty', (revision) => {
    const log = refused(revision)
      .raw('GET', `${ROOT}/mcp`, { status: 404 })
      .raw('GET', ROOT, { body: '<html>', mimeType: 'text/html' });
    expectOnly(log, RULE, 'error', { ...culprit, says: 'no well-known place' });
  });

  test('is an error in 2025-06-18 without resource_metadata, wherever the document is', () => {
    expectOnly(refused('2025-06-18').prm(), RULE, 'error', culprit);
  });

  test('is open while a place was not tried, or its fetch was blocked', () => {
    const once = refused().raw('GET', `${ROOT}/mcp`, { status: 404 });
    expectOnly(once, RULE, 'open', { at: 'REFUSED', missing: ['protected-resource-metadata'] });
    expectOnly(refused().raw('GET', `${ROOT}/mcp`, { status: 404 }).raw('GET', ROOT, { status: 0 }), RULE, 'open', {
      missing: ['protected-resource-metadata'],
    });
  });

  test('does not apply to 2025-03-26, and is silent without a 401', () => {
    const log = traffic({ revision: '2025-03-26' }).call('initialize', { token: null }).call('search', silent);
    expectOnly(log, RULE, 'notApplicable');
    expect(judged(traffic().call('search', { token: null }), RULE)).toEqual([]);
  });

  test('says that the client found another way', () => {
    const log = traffic().call('search', silent).asm().az().tk({ scope: null }).call('search');
    const empty = log.raw('GET', `${ROOT}/mcp`, { status: 404 }).raw('GET', ROOT, { status: 404 });
    expectOnly(empty, RULE, 'error', { says: 'falls back' });
    expectOnly(granted('r'), RULE, 'pass');
  });

  test('is open while a gate, and not the server, answers at a place', () => {
    const log = refused().raw('GET', `${ROOT}/mcp`, { status: 404 }).raw('GET', ROOT, { status: 403 });
    expectOnly(log, RULE, 'open', { at: 'REFUSED', missing: ['protected-resource-metadata'] });
  });
});
