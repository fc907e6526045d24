import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Difference } from '../../src/report/compare.ts';
import type { Result } from '../../src/report/result.ts';
import { har, server } from '../report/hars.ts';
import { stepUp } from './fixtures.ts';
import { call } from './terminal.ts';

const rule = 'challenge-scope-authoritative';
const schema = JSON.parse(readFileSync(new URL('../../src/cli/config.schema.json', import.meta.url), 'utf8'));
const isValid = new Ajv({ strict: true }).compile(schema);

let folder = '';
let before = '';
let after = '';
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-auth-inspector-'));
  before = path('before.har');
  after = path('after.har');
  writeFileSync(before, JSON.stringify(har(stepUp('files:other'))));
  writeFileSync(after, JSON.stringify(har(stepUp('files:read files:write'))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function configure(content: object): string {
  const file = path('config.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

async function analyzed(...args: string[]): Promise<{ status: number; result: Result; errors: string }> {
  const { status, out, errors } = await call(['analyze', before, ...args]);
  return { status, errors, result: JSON.parse(out) };
}

describe('diff', () => {
  it('tells what was fixed, and what is new the other way round', async () => {
    const forwards: Difference = JSON.parse((await call(['diff', before, after])).out);
    expect(forwards.schema).toBe('mcp-auth-inspector/diff/1');
    expect(forwards.fixed.find((fault) => fault.rule === rule)).toMatchObject({ now: 'pass', subject: server });
    expect(forwards.new.map((fault) => fault.rule)).not.toContain(rule);
    const backwards: Difference = JSON.parse((await call(['diff', after, before])).out);
    expect(backwards.new.map((fault) => fault.rule)).toContain(rule);
    expect(backwards.fixed.map((fault) => fault.rule)).not.toContain(rule);
    expect(backwards.unchanged.map((fault) => fault.rule).sort()).toEqual(
      forwards.unchanged.map((fault) => fault.rule).sort(),
    );
  });

  it('exits by what is new', async () => {
    expect((await call(['diff', before, after])).status).toBe(0);
    expect((await call(['diff', after, before])).status).toBe(1);
    expect((await call(['diff', after, before, '--fail-on', 'never'])).status).toBe(0);
    expect((await call(['diff', after, before, '--party', 'server', '--fail-on', 'error'])).status).toBe(0);
  });

  it('finds nothing in the same recording under other secrets, ports and positions', async () => {
    const moved = path('moved.har');
    const text = readFileSync(before, 'utf8')
      .replaceAll('acce55-opaque', 'other-opaque')
      .replaceAll('c0de-Zx81', 'c0de-Other')
      .replaceAll('https://mcp.example.com', 'http://127.0.0.1:4101');
    const here = path('here.har');
    const document = JSON.parse(text);
    document.log.entries.unshift({ request: { method: 'GET', url: 'https://news.example.net/' } });
    writeFileSync(moved, JSON.stringify(document));
    writeFileSync(here, text.replaceAll('127.0.0.1:4101', '127.0.0.1:9999'));
    const difference: Difference = JSON.parse((await call(['diff', here, moved, '--quiet'])).out);
    expect(difference.fixed).toEqual([]);
    expect(difference.new).toEqual([]);
    expect(difference.unchanged.length).toBeGreaterThan(0);
  });

  it('reads results, and says it to a person', async () => {
    const result = path('before.json');
    await call(['analyze', before, '--out', result, '--quiet']);
    const shown = await call(['diff', result, after, '--format', 'text']);
    expect(shown.out).toContain('Fixed (');
    expect(shown.out).toMatch(new RegExp(`${rule} {2}now passes`));
    expect((await call(['diff', before])).status).toBe(2);
    expect((await call(['diff', before, path('none.har')])).status).toBe(2);
  });
});

describe('--baseline', () => {
  it('leaves out what it holds, and counts what it does not', async () => {
    const known = path('known.json');
    const unknown = path('unknown.json');
    await call(['analyze', before, '--out', known]);
    await call(['analyze', after, '--out', unknown]);
    const same = await analyzed('--baseline', known, '--party', 'all', '--fail-on', 'note');
    expect(same.status).toBe(0);
    const states = same.result.outcomes.flatMap(({ kind, baselineState }) => (kind === 'fail' ? [baselineState] : []));
    expect(new Set(states)).toEqual(new Set(['unchanged']));
    const other = await analyzed('--baseline', unknown, '--fail-on', 'error');
    expect(other.status).toBe(1);
    expect(other.result.outcomes.find((outcome) => outcome.rule === rule)?.baselineState).toBe('new');
    const lines = path('known.ndjson');
    await call(['analyze', before, '--format', 'ndjson', '--out', lines]);
    expect((await analyzed('--baseline', lines)).status).toBe(0);
  });

  it('counts a fault that has become graver', async () => {
    const known = path('milder.json');
    await call(['analyze', before, '--rule', `${rule}=note`, '--out', known]);
    expect((await analyzed('--baseline', known, '--fail-on', 'error')).status).toBe(1);
    expect((await analyzed('--baseline', known, '--fail-on', 'error', '--rule', `${rule}=note`)).status).toBe(0);
  });

  it('marks the faults in SARIF, JUnit and text', async () => {
    const known = path('known.json');
    await call(['analyze', before, '--out', known]);
    const sarif = JSON.parse((await call(['analyze', before, '--baseline', known, '--format', 'sarif'])).out);
    const found = sarif.runs[0].results.find((one: { ruleId: string }) => one.ruleId === rule);
    expect(found.baselineState).toBe('unchanged');
    const junit = (await call(['analyze', before, '--baseline', known, '--format', 'junit'])).out;
    expect(junit).toContain('failures="0"');
    expect(junit).toContain('known from the baseline');
    expect((await call(['analyze', before, '--baseline', known, '--format', 'text'])).out).toContain(
      'known from the baseline',
    );
  });
});

describe('--config', () => {
  it('accepts an expected fault until it expires, and says when it is gone', async () => {
    const expected = (expires?: string) =>
      configure({ failOn: 'error', expected: [{ rule, reason: 'issue 12', ...(expires ? { expires } : {}) }] });
    const today = await analyzed('--config', expected('2026-06-15'));
    expect(today.status).toBe(0);
    expect(today.result.outcomes.find((outcome) => outcome.rule === rule)?.expected).toEqual({
      reason: 'issue 12',
      expires: '2026-06-15',
    });
    expect(today.result.expectations).toMatchObject([{ rule, state: 'happens' }]);
    expect(today.errors).toBe('');
    const yesterday = await analyzed('--config', expected('2026-06-14'));
    expect(yesterday.status).toBe(1);
    expect(yesterday.errors).toContain('expired on 2026-06-14');
    expect(yesterday.result.expectations).toMatchObject([{ state: 'expired' }]);
    const gone = await call(['analyze', after, '--config', expected()]);
    expect(gone.errors).toContain(`expected fault ${rule}: no longer happens`);
    expect(JSON.parse(gone.out).expectations).toMatchObject([{ state: 'gone' }]);
  });

  it('limits an expectation and levels to a server', async () => {
    const elsewhere = configure({ failOn: 'error', expected: [{ rule, server: 'https://x.example/', reason: 'r' }] });
    expect((await analyzed('--config', elsewhere)).status).toBe(1);
    const here = configure({ failOn: 'error', expected: [{ rule, server, reason: 'r' }] });
    expect((await analyzed('--config', here)).status).toBe(0);
    const off = await analyzed('--config', configure({ servers: { [server]: { rules: { [rule]: 'off' } } } }));
    expect(off.result.outcomes.map((outcome) => outcome.rule)).not.toContain(rule);
    const note = await analyzed('--config', configure({ servers: { [server]: { rules: { [rule]: 'note' } } } }));
    const levels = note.result.outcomes.flatMap(({ kind, level }) => (kind === 'fail' ? [level] : []));
    expect(note.result.outcomes.find((outcome) => outcome.rule === rule)?.level).toBe('note');
    expect(levels).toEqual(
      levels.toSorted((a, b) => 'error warning note'.indexOf(a) - 'error warning note'.indexOf(b)),
    );
    const never = configure({ servers: { [server]: { failOn: 'never' } } });
    expect((await analyzed('--config', never)).status).toBe(0);
    expect((await analyzed('--config', never, '--fail-on', 'error')).status).toBe(1);
    const called = configure({ servers: { [server]: { rules: { [rule]: 'off' } } } });
    expect((await analyzed('--config', called, '--rule', `${rule}=error`, '--fail-on', 'error')).status).toBe(1);
  });

  it('is read as its schema says', async () => {
    const cases: readonly (readonly [boolean, object])[] = [
      [true, {}],
      [
        true,
        { $schema: './config.schema.json', failOn: 'never', party: 'all', spec: 'auto', rules: { [rule]: 'off' } },
      ],
      [true, { servers: { [server]: { failOn: 'note', rules: { [rule]: 'note' } } } }],
      [true, { expected: [{ rule, reason: 'known', expires: '2027-01-31', server }] }],
      [false, { failon: 'error' }],
      [false, { failOn: 'fatal' }],
      [false, { party: 'me' }],
      [false, { spec: '2024-11-05' }],
      [false, { rules: { [rule]: 'fatal' } }],
      [false, { rules: [] }],
      [false, { servers: { [server]: { levels: {} } } }],
      [false, { servers: { [server]: { failOn: 'sometimes' } } }],
      [false, { expected: {} }],
      [false, { expected: [{ rule }] }],
      [false, { expected: [{ rule, reason: ' ' }] }],
      [false, { expected: [{ reason: 'r' }] }],
      [false, { expected: [{ rule, reason: 'r', expires: 'tomorrow' }] }],
      [false, { expected: [{ rule, reason: 'r', until: '2027-01-31' }] }],
    ];
    for (const [valid, content] of cases) {
      const text = JSON.stringify(content);
      expect(isValid(content), text).toBe(valid);
      const { status } = await call(
        ['analyze', after, '--config', configure(content), '--fail-on', 'never'].slice(0, 4),
      );
      expect(status === 2, text).toBe(!valid);
    }
    const date = configure({ expected: [{ rule, reason: 'r', expires: '2027-02-30' }] });
    expect((await call(['analyze', after, '--config', date])).status).toBe(2);
  });
});
