import type { Outcome } from '../rules/outcome.ts';

/** The same fault on several occasions: shown once in full, the rest by their exchanges. */
export interface Occasions {
  readonly first: Outcome;
  readonly more: readonly Outcome[];
}

/** Groups outcomes of one rule, level, party and subject; order is that of each group's first. */
export function byOccasion(outcomes: readonly Outcome[]): readonly Occasions[] {
  const groups = new Map<string, { first: Outcome; more: Outcome[] }>();
  for (const outcome of outcomes) {
    const key = JSON.stringify([outcome.rule, outcome.kind, outcome.level, outcome.party, outcome.subject]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { first: outcome, more: [] });
    else known.more.push(outcome);
  }
  return [...groups.values()];
}
