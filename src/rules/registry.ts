import type { Rule } from './rule.ts';

const modules = import.meta.glob<Rule>('./*/rule.ts', { eager: true, import: 'rule' });
const pages = import.meta.glob<string>('./*/page.md', { query: '?raw', import: 'default' });

/** Every rule: the list of folders, by id. */
export const rules: readonly Rule[] = Object.values(modules).sort((one, other) => (one.id < other.id ? -1 : 1));

/** The rule of that id or alias; null when there is none. */
export function findRule(id: string): Rule | null {
  return rules.find((rule) => rule.id === id || rule.aliases.includes(id)) ?? null;
}

/** A rule's page as Markdown; null when it has none. Loaded when asked for: the panel starts without the pages. */
export async function rulePage(id: string): Promise<string | null> {
  const load = pages[`./${id}/page.md`];
  return load ? load() : null;
}
