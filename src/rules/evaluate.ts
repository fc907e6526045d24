import type { Story } from '../story/model.ts';
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
    const spec = rule.spec.map((link) => link.url);
    const byOccasion = new Map<string, Occasion>();
    for (const judgement of rule.judge(story)) {
      const outcome = outcomeOf(rule, judgement, override ?? null, spec);
      const { kind, party, subject } = outcome;
      const occasion = judgement.occasion ?? outcome.evidence[0]?.entry;
      // The lengths keep apart what would be alike when written together.
      const key = `${kind} ${party} ${subject.length} ${typeof occasion} ${subject}${occasion}`;
      const same = byOccasion.get(key);
      if (same) same.add(outcome);
      else byOccasion.set(key, new Occasion(outcome));
    }
    for (const occasion of byOccasion.values()) outcomes.push(occasion.outcome);
  }
  return outcomes.sort(inOrder);
}

function overrideOf(rule: Rule, overrides: ReadonlyMap<string, LevelOverride>): LevelOverride | undefined {
  return (
    overrides.get(rule.id) ?? rule.aliases.map((alias) => overrides.get(alias)).find((level) => level !== undefined)
  );
}

function outcomeOf(
  rule: Rule,
  judgement: Judgement,
  override: Exclude<Level, 'none'> | null,
  spec: readonly string[],
): Outcome {
  const level: Level = judgement.kind === 'fail' ? (override ?? judgement.level ?? rule.level) : 'none';
  return {
    rule: rule.id,
    kind: judgement.kind,
    level,
    party: judgement.party ?? rule.party,
    subject: judgement.subject,
    message: judgement.message,
    evidence: judgement.evidence,
    ...(judgement.kind === 'open' ? { missing: judgement.missing ?? [] } : {}),
    spec,
    fix: judgement.fix ?? rule.fix,
  };
}

/** The same fault on the same occasion is one outcome with more evidence; the gravest speaks, and its evidence comes first. */
class Occasion {
  #gravest: Outcome;
  readonly #others: Outcome[] = [];

  constructor(outcome: Outcome) {
    this.#gravest = outcome;
  }

  add(outcome: Outcome): void {
    const isGraver = LEVELS.indexOf(outcome.level) < LEVELS.indexOf(this.#gravest.level);
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

const LEVELS: readonly Level[] = ['error', 'warning', 'note', 'none'];
const KINDS: readonly Kind[] = ['fail', 'open', 'informational', 'pass', 'notApplicable'];

function inOrder(one: Outcome, other: Outcome): number {
  return (
    LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level) ||
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
    firstEntry(one) - firstEntry(other) ||
    compare(one.rule, other.rule) ||
    compare(one.subject, other.subject)
  );
}

function firstEntry(outcome: Outcome): number {
  return outcome.evidence[0]?.entry ?? Number.MAX_SAFE_INTEGER;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
