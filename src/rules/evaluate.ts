import type { Story } from '../story/model.ts';
import { oncePer } from '../story/once.ts';
import type { Kind, Level, Outcome } from './outcome.ts';
import type { Judgement, Rule } from './rule.ts';

export type LevelOverride = 'off' | Exclude<Level, 'none'>;

/** Judges the story by every rule, in the order of the contract: level, then first entry. */
export function evaluate(
  rules: readonly Rule[],
  story: Story,
  overrides: ReadonlyMap<string, LevelOverride> = new Map(),
): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const rule of rules) {
    const override = overrides.size === 0 ? undefined : overrideOf(rule, overrides);
    if (override === 'off') continue;
    const occasions: Occasion[] = [];
    const alike = new Map<string | number | undefined, Occasion[]>();
    for (const judgement of rule.judge(story)) {
      const outcome = outcomeOf(rule, judgement, override ?? null);
      const name = judgement.occasion ?? outcome.evidence[0]?.entry;
      const namesakes = alike.get(name);
      const same = namesakes?.find((occasion) => occasion.isOf(outcome));
      if (same) {
        same.add(outcome);
        continue;
      }
      const occasion = new Occasion(outcome);
      occasions.push(occasion);
      if (namesakes) namesakes.push(occasion);
      else alike.set(name, [occasion]);
    }
    for (const occasion of occasions) outcomes.push(occasion.outcome);
  }
  return inOrder(outcomes);
}

function overrideOf(rule: Rule, overrides: ReadonlyMap<string, LevelOverride>): LevelOverride | undefined {
  return (
    overrides.get(rule.id) ?? rule.aliases.map((alias) => overrides.get(alias)).find((level) => level !== undefined)
  );
}

function outcomeOf(rule: Rule, judgement: Judgement, override: Exclude<Level, 'none'> | null): Outcome {
  const level: Level = judgement.kind === 'fail' ? (override ?? judgement.level ?? rule.level) : 'none';
  const { kind, subject, message, evidence } = judgement;
  const party = judgement.party ?? rule.party;
  const spec = addressesOf(rule);
  const fix = judgement.fix ?? rule.fix;
  if (kind !== 'open') return { rule: rule.id, kind, level, party, subject, message, evidence, spec, fix };
  const missing = judgement.missing ?? [];
  return { rule: rule.id, kind, level, party, subject, message, evidence, missing, spec, fix };
}

const addressesOf = oncePer(({ spec }: Rule): readonly string[] => spec.map(({ url }) => url));

/** The same fault on the same occasion is one outcome with more evidence; the gravest speaks, and its evidence comes first. */
class Occasion {
  #gravest: Outcome;
  readonly #others: Outcome[] = [];

  constructor(outcome: Outcome) {
    this.#gravest = outcome;
  }

  isOf({ kind, party, subject }: Outcome): boolean {
    const one = this.#gravest;
    return one.kind === kind && one.party === party && one.subject === subject;
  }

  add(outcome: Outcome): void {
    const isGraver = LEVELS[outcome.level] < LEVELS[this.#gravest.level];
    this.#others.push(isGraver ? this.#gravest : outcome);
    if (isGraver) this.#gravest = outcome;
  }

  get outcome(): Outcome {
    if (this.#others.length === 0) return this.#gravest;
    const all = [this.#gravest, ...this.#others].flatMap(({ evidence }) => evidence);
    const distinct = new Map(all.map((evidence) => [JSON.stringify(evidence), evidence]));
    return { ...this.#gravest, evidence: [...distinct.values()] };
  }
}

const LEVELS: Readonly<Record<Level, number>> = { error: 0, warning: 1, note: 2, none: 3 };
const KINDS: Readonly<Record<Kind, number>> = { fail: 0, open: 1, informational: 2, pass: 3, notApplicable: 4 };

/** Rank by rank: within one, few comparisons need more than the first entry. */
function inOrder(outcomes: readonly Outcome[]): Outcome[] {
  const ranks: Outcome[][] = [];
  for (const outcome of outcomes) {
    const rank = LEVELS[outcome.level] * 5 + KINDS[outcome.kind];
    const there = ranks[rank];
    if (there) there.push(outcome);
    else ranks[rank] = [outcome];
  }
  return ranks.flatMap((rank) => rank.sort(byEntry));
}

function byEntry(one: Outcome, other: Outcome): number {
  return firstEntry(one) - firstEntry(other) || compare(one.rule, other.rule) || compare(one.subject, other.subject);
}

function firstEntry(outcome: Outcome): number {
  return outcome.evidence[0]?.entry ?? Number.MAX_SAFE_INTEGER;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
