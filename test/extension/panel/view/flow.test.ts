import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type FlowGroup, type FlowRow, layOutFlow } from '../../../../src/extension/panel/view/flow.ts';
import { flowLines } from '../../../../src/extension/panel/view/lines.ts';
import { scopeMatrices } from '../../../../src/extension/panel/view/scopes.ts';
import { parseSearch } from '../../../../src/extension/panel/view/search.ts';
import { indexStory } from '../../../../src/extension/panel/view/story-index.ts';
import { analyze } from '../../../../src/report/analyze.ts';

const sample = new URL('../../../../src/extension/panel/sample/session.json', import.meta.url);
const analysis = analyze(JSON.parse(readFileSync(sample, 'utf8')), { name: 'sample.har' });
const index = indexStory(analysis);
const flow = layOutFlow(index, false);
const isGroup = (item: FlowGroup | FlowRow): item is FlowGroup => item.kind === 'group';
const rowsOf = (item: FlowGroup | FlowRow): readonly FlowRow[] => (isGroup(item) ? item.rows : [item]);
const none: ReadonlySet<string> = new Set();

describe('layOutFlow', () => {
  test('has each exchange of the story once, and nothing else', () => {
    const entries = flow.items.flatMap(rowsOf).map((row) => row.exchange.entry);
    const wanted = [...index.story.roles.keys()].filter((entry) => index.exchanges[entry]?.part === 'request');
    expect(entries.toSorted((a, b) => a - b)).toEqual(wanted.toSorted((a, b) => a - b));
  });

  test('with all traffic has every exchange once', () => {
    const entries = layOutFlow(index, true)
      .items.flatMap(rowsOf)
      .map((row) => row.exchange.entry);
    expect(entries.toSorted((a, b) => a - b)).toEqual(index.exchanges.map(({ entry }) => entry));
  });

  test('runs down in time, items and rows alike', () => {
    const starts = flow.items.map((item) => rowsOf(item)[0]?.exchange.sent ?? Number.NaN);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    for (const { rows } of flow.items.filter(isGroup)) {
      const times = rows.map((row) => row.exchange.sent);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  test('a sign-in holds its challenge, its discovery, its request, its answer and its token', () => {
    const [first] = flow.items.filter(isGroup);
    expect(first?.title).toBe('Sign-in 1');
    const kinds = first?.rows.map((row) => row.role?.kind);
    expect(kinds?.[0]).toBe('mcp');
    for (const kind of ['registration', 'authorization-request', 'authorization-response', 'token-request']) {
      expect(kinds).toContain(kind);
    }
  });

  test('says each exchange in words and marks what findings rest on', () => {
    const rows = flow.items.flatMap(rowsOf);
    const refused = rows.find((row) => row.exchange.response.status === 403);
    expect(refused?.what).toBe('tools/call admin_reset');
    expect(refused?.note).toContain('insufficient_scope');
    expect(rows.filter((row) => row.mark === 'warning').length).toBeGreaterThan(0);
    const returned = rows.find((row) => row.role?.kind === 'authorization-response');
    expect([returned?.from, returned?.to]).toEqual(['authorization-server', 'page']);
  });
});

describe('flowLines', () => {
  const keys = (search: string, folded = none) =>
    flowLines(flow, index, parseSearch(search), folded).map((line) => line.key);

  test('keys are unique, whatever is folded', () => {
    const all = keys('');
    expect(new Set(all).size).toBe(all.length);
  });

  test('folding a group hides its rows only', () => {
    const group = flow.items.find(isGroup);
    const folded = keys('', new Set([group?.id ?? '']));
    expect(folded).toContain(`group-${group?.id}`);
    for (const row of group?.rows ?? []) expect(folded).not.toContain(`row-${row.exchange.entry}`);
    expect(keys('').length).toBeGreaterThan(folded.length);
  });

  test('a search and its negation share the rows between them', () => {
    const rows = (search: string) => keys(search, none).filter((key) => key.startsWith('row-'));
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
  expect(lost?.every((event) => event.kind === 'authorize')).toBe(true);
  expect(matrix?.union).toEqual(['mcp:read', 'mcp:admin']);
});
