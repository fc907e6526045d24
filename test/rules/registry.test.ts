import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findRule, rulePage, rules } from '../../src/rules/registry.ts';

const root = fileURLToPath(new URL('../../src/rules/', import.meta.url));
/** Every folder is a rule's, but for the helpers they share. */
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map(({ name }) => name)
  .toSorted();

describe('the registry', () => {
  test.each(folders)('%s has its rule.ts, whose id is the name of the folder', (folder) => {
    expect(existsSync(`${root}${folder}/rule.ts`)).toBe(true);
    expect(findRule(folder)?.id).toBe(folder);
  });

  test('is the list of folders, in order', () => {
    expect(folders.length).toBeGreaterThan(0);
    expect(rules.map(({ id }) => id)).toEqual(folders);
  });

  test('has no name twice, aliases included', () => {
    const names = rules.flatMap(({ id, aliases }) => [id, ...aliases]);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  test('finds a rule by its aliases, and none by another name', () => {
    for (const rule of rules) for (const alias of rule.aliases) expect(findRule(alias)).toBe(rule);
    expect(findRule('no-such-rule')).toBeNull();
    expect(findRule('__proto__')).toBeNull();
  });

  test.each(rules)('$id says what it is, rests on a specification and says what to change', (rule) => {
    expect(rule.title).not.toBe('');
    expect(rule.fix).toMatch(/\.$/);
    expect(rule.spec.length).toBeGreaterThan(0);
    for (const { text, url } of rule.spec) {
      expect(text).not.toBe('');
      expect(new URL(url).protocol).toBe('https:');
    }
  });

  test('gives the page that stands in the folder, null where there is none', async () => {
    for (const folder of folders) {
      const page = await rulePage(folder);
      expect(page !== null).toBe(existsSync(`${root}${folder}/page.md`));
    }
    expect(await rulePage('no-such-rule')).toBeNull();
  });
});
