import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findRule, rulePage, rules } from '../../src/rules/registry.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { type Entry, shortcomings } from './shortcomings.ts';

/** The text of a rule's own tests. */
function testsOf(id: string): string {
  const folder = new URL(`./${id}/`, import.meta.url);
  if (!existsSync(folder)) return '';
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
}

const entryOf = async (rule: Rule): Promise<Entry> => ({
  rule,
  page: await rulePage(rule.id),
  tests: testsOf(rule.id),
});

test.each(rules)('$id has a page, passing, failing and undecided fixtures, a spec link and a fix', async (rule) => {
  expect(shortcomings(await entryOf(rule))).toEqual([]);
});

describe('an entry that was whole is found wanting', () => {
  const breaks: readonly (readonly [string, (entry: Entry) => Entry])[] = [
    ['a page', (entry) => ({ ...entry, page: null })],
    ['a passing fixture', (entry) => ({ ...entry, tests: entry.tests.replaceAll("pass'", "'") })],
    [
      'a failing fixture',
      (entry) => ({ ...entry, tests: entry.tests.replaceAll(/(error|warning|note|informational)'/g, "'") }),
    ],
    ['an undecided fixture', (entry) => ({ ...entry, tests: entry.tests.replaceAll("open'", "'") })],
    ['a spec link', (entry) => ({ ...entry, rule: { ...entry.rule, spec: [] } })],
    ['a fix', (entry) => ({ ...entry, rule: { ...entry.rule, fix: '' } })],
  ];

  test.each(breaks)('without %s, and of nothing else', async (what, broken) => {
    const rule = findRule('as-iss-value');
    if (!rule) throw new Error('the rule is gone');
    const entry = await entryOf(rule);
    expect(shortcomings(entry)).toEqual([]);
    expect(shortcomings(broken(entry))).toEqual([what]);
  });

  test('without its tests, of every fixture', async () => {
    for (const rule of rules) {
      const lacks = shortcomings({ ...(await entryOf(rule)), tests: '' });
      expect(lacks, rule.id).toEqual(['a passing fixture', 'a failing fixture', 'an undecided fixture']);
    }
  });

  test('by a link that is no https address, and a fix of two sentences or none', async () => {
    const [rule] = rules;
    if (!rule) throw new Error('there are no rules');
    const entry = await entryOf(rule);
    const [spec] = rule.spec;
    for (const url of ['', 'http://example.com/', 'javascript:alert(1)']) {
      const links = spec ? [{ ...spec, url }] : [];
      expect(shortcomings({ ...entry, rule: { ...rule, spec: links } }), url).toEqual(['a spec link']);
    }
    for (const fix of ['Keep the token', 'Keep the token. Use it.', '.']) {
      expect(shortcomings({ ...entry, rule: { ...rule, fix } }), fix).toEqual(['a fix']);
    }
  });

  test('when its page promises to leave open what no fixture leaves open', async () => {
    const rule = findRule('token-in-query');
    if (!rule) throw new Error('the rule is gone');
    const entry = await entryOf(rule);
    expect(shortcomings(entry)).toEqual([]);
    const page = entry.page?.replace('## Cannot tell\n', '## Cannot tell\n\n- `token-scope`: unseen.\n') ?? null;
    expect(shortcomings({ ...entry, page })).toEqual(['an undecided fixture']);
  });
});
