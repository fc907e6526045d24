import type { Analysis } from '../../report/analysis.ts';
import { analyze, Session } from '../../report/analyze.ts';
import { version } from '../../report/version.ts';
import { findRule, rulePage } from '../../rules/registry.ts';
import type { Rule } from '../../rules/rule.ts';

/** An analysis that grows by one HAR entry at a time. */
export interface LiveAnalysis {
  add(entry: unknown): void;
  /** Puts an entry in the place of an earlier one. */
  replace(index: number, entry: unknown): void;
  analysis(): Analysis;
  clear(): void;
}

/** What the panel asks of the rooms below it; a test may bring its own. */
export interface Engine {
  /** Analyses a parsed HAR document. */
  analyze(log: unknown, name: string): Analysis;
  live(name: string): LiveAnalysis;
  rule(id: string): Pick<Rule, 'id' | 'title' | 'spec'> | null;
  /** The rule's page as Markdown, loaded when asked for; null when it has none. */
  rulePage(id: string): Promise<string | null>;
}

export const engine: Engine = {
  analyze: (log, name) => analyze(log, { name }),
  live(name) {
    const session = new Session({ name, keep: 'story' });
    session.creator = { name: 'mcp-auth-inspector', version };
    return session;
  },
  rule: findRule,
  rulePage,
};
