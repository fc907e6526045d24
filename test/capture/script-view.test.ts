import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sitesOf } from '../../src/capture/observable-sites.ts';
import { readScriptReports, type ScriptReport } from '../../src/capture/script-report.ts';
import { scriptViews } from '../../src/capture/script-view.ts';
import { analyze } from '../../src/report/analyze.ts';
import { traffic } from '../traffic/traffic.ts';

const log = traffic().challenge({ scope: 'r' }).prm().asm().reg().az().tk().call('whoami');
const analysis = analyze(log.har(), { name: 'traffic' });
const [refused] = analysis.story.servers.flatMap((server) => server.refused.map(({ exchange }) => exchange));
if (refused === undefined) throw new Error('the log has no challenge');

const response = (more: object = {}): ScriptReport => ({
  kind: 'response',
  id: 1,
  via: 'fetch',
  at: Math.round(refused.sent) + 3,
  method: refused.method,
  url: refused.url,
  status: refused.response.status,
  type: 'cors',
  headers: ['content-type'],
  ...more,
});

describe('what the observer reports', () => {
  test('stands beside the exchange that it is about', () => {
    const chunk: ScriptReport = { kind: 'chunk', id: 1, at: 1, length: 19, event: '7' };
    const views = scriptViews(analysis.exchanges, [response(), chunk]);
    expect([...views]).toEqual([
      [
        refused.entry,
        {
          via: 'fetch',
          type: 'cors',
          headers: ['content-type'],
          failure: null,
          chunks: [{ at: 1, length: 19, event: '7' }],
          received: 19,
        },
      ],
    ]);
  });

  test('counts all of a stream, and keeps the latest of its chunks', () => {
    const chunks = Array.from({ length: 1_000 }, (_, at): ScriptReport => {
      return { kind: 'chunk', id: 1, at, length: 10, event: null };
    });
    const [view] = scriptViews(analysis.exchanges, [response(), ...chunks]).values();
    expect(view?.received).toBe(10_000);
    expect(view?.chunks.length).toBeLessThan(1_000);
    expect(view?.chunks.at(-1)?.at).toBe(999);
  });

  test.each([
    ['another status', { status: 418 }],
    ['another method', { method: 'DELETE' }],
    ['another address', { url: 'https://mcp.example/elsewhere' }],
    ['another time', { at: Math.round(refused.sent) + 60_000 }],
  ])('of %s than anything on the wire is left out', (_what, more) => {
    expect(scriptViews(analysis.exchanges, [response(more)]).size).toBe(0);
  });

  test('makes no exchange and no verdict, however much is forged', () => {
    const forged = Array.from({ length: 500 }, (_, id) => response({ id, headers: ['www-authenticate'] }));
    expect(scriptViews(analysis.exchanges, forged).size).toBe(1);
    expect(analyze(log.har(), { name: 'traffic' }).result).toEqual(analysis.result);
  });

  test('is read whatever it holds', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readScriptReports(value)).toEqual([]);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (text) => {
        for (const report of readScriptReports(text)) expect(report.kind).toMatch(/^(response|failure|chunk)$/);
      }),
    );
    expect(readScriptReports(JSON.stringify([response(), { ...response(), id: -1 }, { kind: 'chunk' }, null]))).toEqual(
      [response()],
    );
  });
});

test('sites to look at are pages that spoke to MCP servers, never where users sign in', () => {
  const { observable, forbidden } = sitesOf(analysis);
  expect(forbidden.size).toBeGreaterThan(0);
  for (const origin of observable) expect(forbidden.has(origin)).toBe(false);
});
