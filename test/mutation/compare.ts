import { analyze } from '../../src/report/analyze.ts';
import type { Outcome } from '../../src/rules/outcome.ts';
import { Draft } from './edit.ts';
import type { Harmless } from './harmless.ts';
import type { Clean } from './sources.ts';

/**
 * What a harmless change did to the verdicts of one log, in words; nothing, if it is harmless indeed. Where something
 * was cut away, what was decided may be undecided, or no question any more; a new fault may never appear.
 */
export function alteredBy(clean: Clean, change: Harmless, seed: number): readonly string[] {
  const draft = new Draft(clean.document, clean.analysis);
  const { result } = draft.clean;
  const { document, origins } = change.apply(draft, seed);
  const subjects = new Set(result.outcomes.map(({ subject }) => subject));
  const after = analyze(document, { name: clean.name }).result.outcomes.filter(({ subject }) => subjects.has(subject));
  const [was, is] = [counted(result.outcomes, (entry) => entry), counted(after, (entry) => origins[entry] ?? null)];
  const altered: string[] = [];
  for (const [key, { count, outcome }] of is) {
    const more = count - (was.get(key)?.count ?? 0);
    if (change.extends && outcome.kind === 'pass' && was.has(undecided(outcome))) continue;
    if (more > 0 && (outcome.kind === 'fail' || !change.cuts)) altered.push(`new: ${key}: ${outcome.message}`);
  }
  if (change.cuts) return altered;
  for (const [key, { count, outcome }] of was) {
    if (change.extends && outcome.kind === 'open') continue;
    if (count > (is.get(key)?.count ?? 0)) altered.push(`gone: ${key}`);
  }
  return altered;
}

/** The key of the same question, undecided. */
function undecided({ rule, subject }: Outcome): string {
  return `${rule} open none ${subject}`;
}

interface Counted {
  readonly count: number;
  readonly outcome: Outcome;
}

/** How often each verdict was given: a fault by the entry it rests on, in the numbering of the original. */
function counted(outcomes: readonly Outcome[], origin: (entry: number) => number | null): ReadonlyMap<string, Counted> {
  const found = new Map<string, Counted>();
  for (const outcome of outcomes) {
    const { rule, subject, kind, level, evidence } = outcome;
    const place = kind === 'fail' && evidence[0] !== undefined ? ` #${origin(evidence[0].entry)}` : '';
    const key = `${rule} ${kind} ${level} ${subject}${place}`;
    found.set(key, { outcome, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return found;
}
