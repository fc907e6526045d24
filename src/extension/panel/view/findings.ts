import type { Analysis } from '../../../report/analysis.ts';
import type { Result } from '../../../report/result.ts';
import { isFinding } from '../../../report/suppressions.ts';
import type { Kind, Level, Outcome, Party } from '../../../rules/outcome.ts';

/** An outcome with its index in the result, by which it is selected. */
export interface Listed {
  readonly index: number;
  readonly outcome: Outcome;
}

export interface Findings {
  /** Faults: by level, then party, then rule. */
  readonly faults: readonly Listed[];
  readonly informational: readonly Listed[];
  readonly open: readonly Listed[];
  readonly passed: readonly Listed[];
  readonly notApplicable: readonly Listed[];
}

const levels: readonly Level[] = ['error', 'warning', 'note', 'none'];
const parties: readonly Party[] = ['client', 'server', 'authorization-server'];

/** Sorts a result's outcomes into what the list shows; `keep` is the search. */
export function listFindings(result: Result, keep: (outcome: Outcome) => boolean): Findings {
  const of = (kind: Kind): Listed[] =>
    result.outcomes.flatMap((outcome, index) => (outcome.kind === kind && keep(outcome) ? [{ index, outcome }] : []));
  const order = (a: Listed, b: Listed): number =>
    levels.indexOf(a.outcome.level) - levels.indexOf(b.outcome.level) ||
    parties.indexOf(a.outcome.party) - parties.indexOf(b.outcome.party) ||
    a.index - b.index;
  const byRule = (a: Listed, b: Listed): number =>
    a.outcome.rule < b.outcome.rule ? -1 : a.outcome.rule > b.outcome.rule ? 1 : a.index - b.index;
  return {
    faults: of('fail').sort(order),
    informational: of('informational'),
    open: of('open').sort(byRule),
    passed: of('pass').sort(byRule),
    notApplicable: of('notApplicable').sort(byRule),
  };
}

/** Faults of one level and one party. */
export interface PartyGroup {
  readonly level: Level;
  readonly party: Party;
  readonly listed: readonly Listed[];
}

/** Parts faults, sorted as `listFindings` sorts them, by level and party. */
export function groupByParty(listed: readonly Listed[]): readonly PartyGroup[] {
  const groups: { level: Level; party: Party; listed: Listed[] }[] = [];
  for (const item of listed) {
    const { level, party } = item.outcome;
    const last = groups.at(-1);
    if (last?.level === level && last.party === party) last.listed.push(item);
    else groups.push({ level, party, listed: [item] });
  }
  return groups;
}

/** Outcomes of one rule at one level: its occasions. */
export interface RuleGroup {
  readonly key: string;
  readonly occasions: readonly Listed[];
}

/** Gathers neighbours of the same rule, level and party. */
export function groupByRule(listed: readonly Listed[]): readonly RuleGroup[] {
  const groups = new Map<string, Listed[]>();
  for (const item of listed) {
    const { rule, level, party } = item.outcome;
    const key = `${level} ${party} ${rule}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  return [...groups].map(([key, occasions]) => ({ key, occasions }));
}

/** How many findings (faults, open and informational outcomes) a session leaves out because they are suppressed. */
export function suppressedFindings(analysis: Analysis | null): number {
  return (analysis?.suppressed?.outcomes ?? []).filter(isFinding).length;
}
