import type { Level, Outcome } from '../rules/outcome.ts';
import { noTraffic, type Question, questions, signInAgain } from './questions.ts';
import type { Result } from './result.ts';
import { isFinding } from './suppressions.ts';
import { missingInWords } from './undecided.ts';
import { count, partyNames } from './words.ts';

/** One headline question and its answer, in a phrase short enough for a cell of a strip. */
export interface Verdict {
  readonly id: 'refresh-token' | 'scopes-accumulate' | 'silent-refresh' | 'all-checks';
  readonly question: string;
  /** `none`: there was no occasion to judge yet; the detail then says how to make one. */
  readonly state: 'pass' | 'fail' | 'open' | 'none';
  /** Highest level of its faults; `none` unless `state` is `fail`. */
  readonly level: Level;
  /** The answer with its numbers, without a final full stop. */
  readonly phrase: string;
  /** One or two sentences more: the gravest message, what is missing, or what to do. */
  readonly detail: string;
  /** Indices in `result.outcomes`, faults first: what a click on the cell shows. */
  readonly outcomes: readonly number[];
}

const ranks: Readonly<Record<Level, number>> = { error: 3, warning: 2, note: 1, none: 0 };

/**
 * Answers the three headline questions and sums up all checks.
 * Panel, HTML report and command line show these same four cells. A question whose findings were suppressed says so.
 *
 * @param suppressed outcomes that a person left out of the result
 */
export function verdicts(result: Result, suppressed: readonly Outcome[] = []): readonly Verdict[] {
  return [...questions.map((question) => answer(question, result, suppressed)), allChecks(result)];
}

function answer(question: Question, result: Result, suppressed: readonly Outcome[]): Verdict {
  const indices = result.outcomes.flatMap((outcome, index) => (question.belongs(outcome) ? [index] : []));
  const mine = indices.flatMap((index) => result.outcomes[index] ?? []);
  const faults = mine.filter((outcome) => outcome.kind === 'fail').sort((a, b) => ranks[b.level] - ranks[a.level]);
  const open = mine.filter((outcome) => outcome.kind === 'open');
  const passed = mine.filter((outcome) => outcome.kind === 'pass' && question.answers.includes(outcome.rule));
  const order = ['fail', 'open', 'informational', 'pass', 'notApplicable'];
  const outcomes = indices.sort((a, b) => order.indexOf(kindAt(result, a)) - order.indexOf(kindAt(result, b)) || a - b);
  const common = { id: question.id, question: question.question, outcomes };
  const hushed = suppressed.filter((outcome) => isFinding(outcome) && question.belongs(outcome)).length;
  const undecided =
    (open.length === 0 ? '' : ` ${count(open.length, 'occasion')} could not be decided.`) +
    (hushed === 0 ? '' : ` ${count(hushed, 'finding')} suppressed.`);

  const gravest = faults[0];
  if (gravest !== undefined) {
    const same = mine.filter((outcome) => outcome.rule === gravest.rule);
    const failed = same.filter((outcome) => outcome.kind === 'fail').length;
    const judged = same.filter((outcome) => outcome.kind === 'fail' || outcome.kind === 'pass').length;
    const phrase = question.fault(gravest, failed, judged, result);
    return { ...common, state: 'fail', level: gravest.level, phrase, detail: `${gravest.message}${undecided}` };
  }
  if (passed.length > 0) {
    const harm = mine.find((outcome) => outcome.kind === 'informational');
    const detail = `${harm?.message ?? passed[0]?.message ?? ''}${undecided}`;
    return { ...common, state: 'pass', level: 'none', phrase: question.passed(result, passed), detail };
  }
  if (hushed > 0) {
    const detail = 'Left out by choice.';
    return { ...common, state: 'none', level: 'none', phrase: `${count(hushed, 'finding')} suppressed`, detail };
  }
  const first = open[0];
  if (first !== undefined) {
    const missing = missingInWords(open);
    const phrase = missing.length === 0 ? 'cannot tell' : `cannot tell; not seen: ${missing.slice(0, 2).join(', ')}`;
    return { ...common, state: 'open', level: 'none', phrase, detail: first.message };
  }
  const [phrase, detail] = question.waiting(result);
  const harm = mine.find((outcome) => outcome.kind === 'informational');
  return { ...common, state: 'none', level: 'none', phrase, detail: harm === undefined ? detail : harm.message };
}

function kindAt(result: Result, index: number): string {
  return result.outcomes[index]?.kind ?? 'notApplicable';
}

function allChecks(result: Result): Verdict {
  const { fail, pass, open } = result.summary;
  const faults = fail.error + fail.warning + fail.note;
  const common = { id: 'all-checks', question: 'All checks' } as const;
  const outcomes = result.outcomes.map((_, index) => index);
  const rest = `${pass} pass, ${open} open`;
  if (faults > 0) {
    const level: Level = fail.error > 0 ? 'error' : fail.warning > 0 ? 'warning' : 'note';
    const parts = [count(fail.error, 'error'), count(fail.warning, 'warning'), count(fail.note, 'note')];
    const phrase = [...parts.filter((part) => !part.startsWith('0 ')), rest].join(', ');
    const parties = (['client', 'server', 'authorization-server'] as const).flatMap((party) => {
      const number = result.outcomes.filter((outcome) => outcome.kind === 'fail' && outcome.party === party).length;
      return number === 0 ? [] : [`${partyNames[party]} ${number}`];
    });
    const detail = `At fault: ${parties.join(', ')}.`;
    return { ...common, outcomes, state: 'fail', level, phrase, detail };
  }
  const state = pass > 0 ? 'pass' : open > 0 ? 'open' : 'none';
  if (state === 'none') {
    const [phrase, detail] = noTraffic(result) ?? ['nothing judged yet', signInAgain];
    return { ...common, outcomes, state, level: 'none', phrase, detail };
  }
  const detail =
    open === 0
      ? 'No fault found.'
      : `No fault found; ${count(open, 'check')} could not be decided from what was recorded.`;
  return { ...common, outcomes, state, level: 'none', phrase: rest, detail };
}
