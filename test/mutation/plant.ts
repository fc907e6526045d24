import { analyze } from '../../src/report/analyze.ts';
import type { Outcome } from '../../src/rules/outcome.ts';
import { Draft } from './edit.ts';
import type { Fault } from './places.ts';
import type { Clean } from './sources.ts';

/** What came of one fault in one log. */
export interface Planted {
  readonly fault: Fault;
  readonly log: string;
  readonly culprit: number;
  /** `found` at the culprit; `elsewhere`: found, but the evidence names another entry first; `missed`. */
  readonly state: 'found' | 'elsewhere' | 'missed';
  /** New faults that the planted one does not entail. */
  readonly strangers: readonly string[];
  /** What the awaited rules said instead, for the reader of the table. */
  readonly said: readonly string[];
}

const isFault = ({ kind }: Outcome): boolean => kind === 'fail';

/** Plants a fault in a sound log and judges what is found; null where the log has no place for it. */
export function plantIn(clean: Clean, fault: Fault): Planted | null {
  const draft = new Draft(clean.document, clean.analysis);
  const revision = draft.clean.result.story.servers[0]?.specVersion ?? null;
  if (fault.since !== undefined && (revision === null || revision < fault.since)) return null;
  // A proxy's envelopes are not taken apart here.
  if (draft.clean.story.grants.some(({ token }) => (token?.exchange.envelope ?? null) !== null)) return null;
  const culprit = fault.plant(draft);
  if (culprit === null) return null;
  const { outcomes } = analyze(draft.document(), { name: clean.name }).result;
  const before = new Set(draft.clean.result.outcomes.filter(isFault).map((fail) => occasion(fail, (entry) => entry)));
  const fails = outcomes.filter(isFault);
  const isNew = (fail: Outcome): boolean => !before.has(occasion(fail, (entry) => draft.originOf(entry)));
  const expected = fails.filter(({ rule }) => fault.rules.includes(rule));
  const isAt = expected.some(({ evidence }) => evidence[0]?.entry === culprit);
  const strangers = fails
    .filter((fail) => isNew(fail) && !isDue(fail, fault, culprit))
    .map(({ rule, level, party, evidence, message }) => `${rule} ${level} ${party} #${evidence[0]?.entry}: ${message}`);
  const said = outcomes
    .filter(({ rule, kind }) => fault.rules.includes(rule) && kind !== 'notApplicable')
    .map(({ rule, kind, level, evidence, message }) => `${rule} ${kind} ${level} #${evidence[0]?.entry}: ${message}`);
  const state = isAt ? 'found' : expected.length > 0 ? 'elsewhere' : 'missed';
  return { fault, log: clean.name, culprit, state, strangers, said };
}

/** A fault is known by its rule, what it is about, and the exchange it rests on, in the numbering of the sound log. */
function occasion({ rule, subject, evidence }: Outcome, origin: (entry: number) => number | null): string {
  const [first] = evidence;
  return `${rule} ${subject} ${first ? origin(first.entry) : null}`;
}

/** What the planted fault entails, or an awaited rule whose evidence shows the culprit. */
function isDue({ rule, evidence }: Outcome, fault: Fault, culprit: number): boolean {
  if (fault.entails?.[rule] !== undefined) return true;
  return fault.rules.includes(rule) && evidence.some(({ entry }) => entry === culprit);
}
