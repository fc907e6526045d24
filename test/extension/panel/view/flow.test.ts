import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../../src/exchange/exchange.ts';
import { type FlowRow, layOutFlow } from '../../../../src/extension/panel/view/flow.ts';
import { type FlowLine, flowLines, type Lines } from '../../../../src/extension/panel/view/lines.ts';
import { scopeMatrices } from '../../../../src/extension/panel/view/scopes.ts';
import { parseSearch } from '../../../../src/extension/panel/view/search/parse.ts';
import { Subjects } from '../../../../src/extension/panel/view/search/subjects.ts';
import { indexStory } from '../../../../src/extension/panel/view/story-index.ts';
import { TimeOrder } from '../../../../src/extension/panel/view/time-order.ts';
import { analyze } from '../../../../src/report/analyze.ts';

const sample = new URL('../../../../src/extension/panel/sample/session.json', import.meta.url);
const analysis = analyze(JSON.parse(readFileSync(sample, 'utf8')), { name: 'sample.har' });
const index = indexStory(analysis);
const flow = layOutFlow(index, false);
const none: ReadonlySet<string> = new Set();
const rowsOf = (entries: Iterable<number>): FlowRow[] => [...entries].flatMap((entry) => flow.row(entry) ?? []);
const linesOf = (lines: Lines): FlowLine[] =>
  Array.from({ length: lines.length }, (_, at) => lines.at(at)).flatMap((line) => line ?? []);

describe('layOutFlow', () => {
  test('has each exchange of the story once, and nothing else', () => {
    const wanted = [...index.story.roles.keys()].filter((entry) => index.exchanges[entry]?.part === 'request');
    expect([...flow.entries].toSorted((a, b) => a - b)).toEqual(wanted.toSorted((a, b) => a - b));
    expect(index.size).toBe(wanted.length);
  });

  test('with all traffic has every exchange once', () => {
    const { entries } = layOutFlow(index, true);
    expect([...entries].toSorted((a, b) => a - b)).toEqual(index.exchanges.map(({ entry }) => entry));
  });

  test('with all traffic a sign-in also shows what else went on meanwhile, in its time', () => {
    const all = layOutFlow(index, true);
    const ranges = flow.groups.map(({ entries }) => rowsOf(entries).map(({ exchange }) => exchange.sent));
    const outside = rowsOf(all.entries).filter(({ role }) => role === null);
    for (const { exchange } of outside) {
      const during = ranges.some((times) => (times[0] ?? 0) <= exchange.sent && exchange.sent <= (times.at(-1) ?? 0));
      expect(all.row(exchange.entry)?.group !== null).toBe(during);
    }
    expect(all.groups.some(({ entries }) => outside.some(({ exchange }) => entries.includes(exchange.entry)))).toBe(
      true,
    );
    for (const { entries } of all.groups) {
      const times = rowsOf(entries).map(({ exchange }) => exchange.sent);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  test('runs down in time, groups and rows alike', () => {
    const times = rowsOf(flow.entries).map((row) => row.exchange.sent);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const { entries } of flow.groups) {
      const inGroup = rowsOf(entries).map((row) => row.exchange.sent);
      expect(inGroup).toEqual(inGroup.toSorted((a, b) => a - b));
    }
  });

  test('a sign-in holds its challenge, its discovery, its request, its answer and its token', () => {
    const [first] = flow.groups;
    expect(first?.title).toBe('Sign-in 1');
    const kinds = rowsOf(first?.entries ?? []).map((row) => row.role?.kind);
    expect(kinds[0]).toBe('mcp');
    for (const kind of ['registration', 'authorization-request', 'authorization-response', 'token-request']) {
      expect(kinds).toContain(kind);
    }
  });

  test('says each exchange in words and marks what findings rest on', () => {
    const rows = rowsOf(flow.entries);
    const refused = rows.find((row) => row.exchange.response.status === 403);
    expect(refused?.what).toBe('tools/call admin_reset');
    expect(refused?.note).toContain('insufficient_scope');
    expect(rows.filter((row) => row.mark === 'warning').length).toBeGreaterThan(0);
    const returned = rows.find((row) => row.role?.kind === 'authorization-response');
    const between = [returned?.from, returned?.to].map((lane) => flow.lanes.all[lane ?? -1]?.kind);
    expect(between).toEqual(['authorization-server', 'page']);
  });

  test('finds the call of every entry that is one', () => {
    for (const server of index.story.servers) {
      for (const call of server.calls) expect(index.calls.get(call.exchange.entry)).toBe(call);
    }
    for (const entry of index.story.rolesBesideCalls.keys()) expect(index.calls.get(entry)).toBeUndefined();
  });
});

test('a time order that grows is the order of the whole', () => {
  const times = fc.array(fc.integer({ min: 0, max: 50 }).map((sent) => (sent === 50 ? Number.NaN : sent)));
  const steps = fc.array(fc.nat({ max: 12 }), { minLength: 1 });
  fc.assert(
    fc.property(times, steps, (sent, sizes) => {
      const exchanges = sent.map((time, entry) => ({ sent: time, entry }) as Exchange);
      const order = new TimeOrder();
      let known = 0;
      for (const size of sizes) {
        known += size;
        order.of(exchanges.slice(0, known));
      }
      const whole = [...exchanges].sort((a, b) => (a.sent || 0) - (b.sent || 0) || a.entry - b.entry);
      expect([...order.of(exchanges)]).toEqual(whole.map(({ entry }) => entry));
    }),
  );
});

describe('flowLines', () => {
  const lines = (search: string, folded = none) =>
    flowLines(flow, index, new Subjects(index, []).rows(parseSearch(search), flow.start), folded);
  const keys = (search: string, folded = none) => linesOf(lines(search, folded)).map((line) => line.key);

  test('keys are unique, whatever is folded, and lead to their lines', () => {
    const all = lines('');
    const named = linesOf(all).map((line) => line.key);
    expect(new Set(named).size).toBe(named.length);
    for (const [at, key] of named.entries()) expect(all.indexOf(key)).toBe(at);
    for (const key of ['row-99999', 'group-none', 'pages-0', 'gap-1e9', '', 'row']) expect(all.indexOf(key)).toBe(-1);
  });

  test('folding a group hides its rows only', () => {
    const [group] = flow.groups;
    const folded = keys('', new Set([group?.id ?? '']));
    expect(folded).toContain(`group-${group?.id}`);
    for (const entry of group?.entries ?? []) expect(folded).not.toContain(`row-${entry}`);
    expect(keys('').length).toBeGreaterThan(folded.length);
  });

  test('a search and its negation share the rows between them', () => {
    const rows = (search: string) => keys(search).filter((key) => key.startsWith('row-'));
    const some = rows('status:4xx');
    const rest = rows('-status:4xx');
    expect(some.length).toBeGreaterThan(0);
    expect(some.filter((key) => rest.includes(key))).toEqual([]);
    expect(rows('rule:sep-2350').length).toBeGreaterThan(0);
    expect(rows('rule:no-such-rule')).toEqual([]);
  });
});

test('scopeMatrices shows what was lost, and the union that should have been asked for', () => {
  const [matrix] = scopeMatrices(index);
  expect(matrix?.scopes).toEqual(['mcp:read', 'mcp:admin']);
  const lost = matrix?.events.filter((event) => [...event.states.values()].includes('lost'));
  expect(lost?.length).toBeGreaterThan(0);
  // At the request that left it out, and at the grant that then lacks it.
  expect(new Set(lost?.map(({ kind }) => kind))).toEqual(new Set(['authorize', 'token']));
  expect(matrix?.union).toEqual(['mcp:read', 'mcp:admin']);
});
