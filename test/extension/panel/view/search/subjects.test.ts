import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { searchFields } from '../../../../../src/extension/panel/view/search/parse.ts';
import { analysis, flow, forbidden, index, matrices, outcomes, rows, tokens } from './session.ts';

const statusOf = (entry: number): number => index.exchanges[entry]?.response.status ?? -1;

describe('a search of rows', () => {
  test('by status: exact, by class, by range, either of two', () => {
    for (const [search, fits] of [
      ['status:401', (status: number) => status === 401],
      ['status:4xx', (status: number) => status >= 400 && status < 500],
      ['status:>=300', (status: number) => status >= 300],
      ['status:<300', (status: number) => status < 300],
      ['status:401,403', (status: number) => status === 401 || status === 403],
    ] as const) {
      expect(rows(search)).toEqual([...flow.entries].filter((entry) => fits(statusOf(entry))));
      expect(rows(search).length).toBeGreaterThan(0);
    }
  });

  test('by method, of HTTP and of JSON-RPC, and by tool', () => {
    const calls = rows('method:tools/call');
    expect(calls.length).toBeGreaterThan(0);
    expect(rows('method:post tool:admin_reset').every((entry) => calls.includes(entry))).toBe(true);
    expect(rows('tool:admin_reset')).toContain(forbidden);
    expect(rows('tool:no_such_tool')).toEqual([]);
  });

  test('by who took part', () => {
    const { grants } = index.story;
    const [grant] = grants;
    expect(rows(`grant:${grant?.id}`)).toContain(grant?.token?.exchange.entry);
    expect(rows(`client:${grant?.clientId}`)).toContain(grant?.authorization?.exchange.entry);
    expect(rows(`issuer:${grant?.issuer}`)).toContain(grant?.token?.exchange.entry);
    expect(rows('grant:step-up').length).toBeGreaterThan(0);
    expect(rows(`server:${index.story.servers[0]?.url}`)).toContain(forbidden);
  });

  test('by what they carry and what rests on them', () => {
    const [token] = index.story.tokens.filter(({ uses }) => uses.length > 0);
    for (const use of token?.uses ?? []) expect(rows(`token:${token?.id}`)).toContain(use);
    expect(rows('scope:mcp:admin')).toContain(forbidden);
    expect(rows('has:challenge')).toContain(forbidden);
    expect(rows('has:error').every((entry) => statusOf(entry) >= 400)).toBe(true);
    const culprits = analysis.result.outcomes.flatMap(({ kind, evidence }) => (kind === 'fail' ? evidence : []));
    for (const { entry } of culprits) expect(rows('kind:fail')).toContain(entry);
    expect(rows('rule:sep-2350 level:warning party:client').length).toBeGreaterThan(0);
  });

  test('by notes: pinned, written, and their words', () => {
    expect(rows('has:pin')).toEqual([forbidden]);
    expect(rows('has:note')).toEqual([forbidden]);
    expect(rows('"the second scope"')).toEqual([forbidden]);
  });

  test('by time: an exchange, seconds from the beginning, a date', () => {
    const at = index.exchanges[forbidden]?.sent ?? 0;
    const before = [...flow.entries].filter((entry) => (index.exchanges[entry]?.sent ?? 0) < at);
    expect(rows(`before:#${forbidden}`)).toEqual(before);
    expect(rows(`before:${(at - flow.start) / 1000}s`)).toEqual(before);
    expect(rows(`before:${new Date(at).toISOString()}`).length).toBeLessThanOrEqual(before.length + 1);
    expect(rows(`after:#${forbidden}`)).not.toContain(forbidden);
    expect(rows('before:soon')).toEqual([...flow.entries]);
  });
});

describe('the same search of findings, tokens and scopes', () => {
  test('a finding answers for itself and for the exchanges it rests on', () => {
    const found = outcomes('status:403 kind:fail');
    expect(found.length).toBeGreaterThan(0);
    for (const { evidence } of found) expect(evidence.some(({ entry }) => statusOf(entry) === 403)).toBe(true);
    expect(outcomes('rule:sep-2350').every(({ rule }) => rule.includes('sep-2350'))).toBe(true);
    expect(outcomes('-kind:pass').some(({ kind }) => kind === 'pass')).toBe(false);
  });

  test('a token answers for its kind, scope and uses', () => {
    expect(tokens('token:access').every(({ kind }) => kind === 'access')).toBe(true);
    expect(tokens('token:access').length).toBeGreaterThan(0);
    for (const { uses, issuedBy } of tokens('status:403')) {
      const entries = [...uses, issuedBy?.exchange.entry ?? -1];
      expect(entries.some((entry) => statusOf(entry) === 403)).toBe(true);
    }
    expect(tokens('status:403').length).toBeGreaterThan(0);
  });

  test('a table of scopes answers for its server and its scopes', () => {
    expect(matrices('scope:mcp:admin')).toHaveLength(1);
    expect(matrices('scope:no-such-scope')).toEqual([]);
    expect(matrices(`server:${index.story.servers[0]?.url}`)).toHaveLength(1);
  });
});

test('a term and its negation share the rows between them, whatever is searched', () => {
  const term = fc.tuple(
    fc.constantFrom(...searchFields),
    fc.constantFrom('4', 'mcp', 'get', 'fail', 'at', 'g1', 'pin'),
  );
  fc.assert(
    fc.property(term, ([field, value]) => {
      if (field === 'before' || field === 'after') return;
      const [some, rest] = [rows(`${field}:${value}`), rows(`-${field}:${value}`)];
      expect([...some, ...rest].toSorted((a, b) => a - b)).toEqual([...flow.entries].toSorted((a, b) => a - b));
    }),
  );
});
