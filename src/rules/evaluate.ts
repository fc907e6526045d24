import { append } from '../story/group.ts';
import type { Story } from '../story/model.ts';
import { oncePer } from '../story/once.ts';
import type { Evidence, Level, Outcome } from './outcome.ts';
import { inContractOrder, levelRanks } from './outcome-order.ts';
import type { Judgement, Rule } from './rule.ts';

export type LevelOverride = 'off' | Exclude<Level, 'none'>;

/** Judges the story by every rule, in the order of the contract: level, then first entry. */
export function evaluate(
  rules: readonly Rule[],
  story: Story,
  overrides: ReadonlyMap<string, LevelOverride> = new Map(),
): Outcome[] {
  const occasions = new Occasions();
  for (const rule of rules) {
    const override = overrides.size === 0 ? undefined : overrideOf(rule, overrides);
    if (override === 'off') continue;
    occasions.begin();
    for (const judgement of rule.judge(story)) {
      const outcome = outcomeOf(rule, judgement, override ?? null);
      occasions.add(judgement.occasion ?? outcome.evidence[0]?.entry, outcome);
    }
  }
  return inContractOrder(occasions.outcomes());
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

/** What tells an occasion from others of its rule, kind, party and subject. */
type Name = string | number | undefined;
/** As many outcomes of a rule are looked through one by one; of more, those of one name are looked up. */
const FEW = 8;

/**
 * The same fault on the same occasion is one outcome with more evidence; the gravest speaks, and its evidence comes
 * first. Most rules have one outcome, and most outcomes an occasion of their own: these cost no more than a place each.
 */
class Occasions {
  readonly #gravest: Outcome[] = [];
  readonly #names: Name[] = [];
  /** What else was said of an occasion, by its place. */
  readonly #others = new Map<number, Outcome[]>();
  /** Where the rule's begin, and where each name's are once they are many. */
  #from = 0;
  #places: Map<Name, number[]> | null = null;

  /** The next rule's come. */
  begin(): void {
    this.#from = this.#gravest.length;
    this.#places = null;
  }

  add(name: Name, outcome: Outcome): void {
    const place = this.#find(name, outcome);
    const known = this.#gravest[place];
    if (known === undefined) {
      if (this.#places) append(this.#places, name, place);
      this.#gravest.push(outcome);
      this.#names.push(name);
      return;
    }
    const isGraver = levelRanks[outcome.level] > levelRanks[known.level];
    if (isGraver) this.#gravest[place] = outcome;
    const other = isGraver ? known : outcome;
    const others = this.#others.get(place);
    if (others) others.push(other);
    else this.#others.set(place, [other]);
  }

  outcomes(): Outcome[] {
    for (const [place, others] of this.#others) {
      const gravest = this.#gravest[place];
      if (gravest) this.#gravest[place] = { ...gravest, evidence: distinct([gravest, ...others]) };
    }
    return this.#gravest;
  }

  /** The occasion's place, else the next that is free. */
  #find(name: Name, outcome: Outcome): number {
    const end = this.#gravest.length;
    if (this.#places === null && end - this.#from > FEW) {
      this.#places = new Map();
      for (let at = this.#from; at < end; at += 1) append(this.#places, this.#names[at], at);
    }
    if (this.#places === null) {
      for (let at = this.#from; at < end; at += 1)
        if (this.#names[at] === name && isAlike(this.#gravest[at], outcome)) return at;
      return end;
    }
    return this.#places.get(name)?.find((at) => isAlike(this.#gravest[at], outcome)) ?? end;
  }
}

function isAlike(one: Outcome | undefined, { kind, party, subject }: Outcome): boolean {
  return one?.kind === kind && one.party === party && one.subject === subject;
}

function distinct(outcomes: readonly Outcome[]): readonly Evidence[] {
  const all = outcomes.flatMap(({ evidence }) => evidence);
  return [...new Map(all.map((evidence) => [JSON.stringify(evidence), evidence])).values()];
}
