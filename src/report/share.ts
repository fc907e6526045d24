import type { Analysis } from './analysis.ts';
import { type AnalyzeOptions, analyze } from './analyze.ts';
import { mapNotes } from './notes.ts';
import { defaultRedaction, type Redaction, type RedactionOptions, redact } from './redaction/redact.ts';
import type { Result, ResultOutcome } from './result.ts';
import { suppress } from './suppressions.ts';

/** What an export needs besides the analysis. */
export interface ExportOptions {
  readonly redaction: RedactionOptions;
  /** How the session was analysed, so that its redacted copy is judged alike. */
  readonly analyze: Omit<AnalyzeOptions, 'name'>;
}

export const defaultExport: ExportOptions = { redaction: defaultRedaction, analyze: {} };

/**
 * The analysis of the redacted copy of a session. Everything in it was drawn from
 * redacted text, so nothing secret can be in it, and its character ranges hold for
 * that copy. Should a copy ever be judged otherwise than its original, the original's
 * outcomes stand, redacted and without ranges.
 */
export function shareable(analysis: Analysis, options: ExportOptions): Analysis {
  if (options.redaction.level === 'none' && options.redaction.allContent) return analysis;
  const redaction = redact(analysis, options.redaction);
  const name = redaction.text(analysis.result.source.name);
  const judgedAgain = analyze({ log: redaction.log }, { ...options.analyze, name });
  const copy = suppress(judgedAgain, analysis.suppressed?.by ?? []);
  const marked = options.redaction.level !== 'none' || analysis.result.source.redacted;
  const judged = sameOutcomes(analysis.result, copy.result)
    ? copy.result
    : originalOutcomes(analysis.result, redaction);
  const { creator, problems } = analysis.result.source;
  const source = {
    ...judged.source,
    creator: redaction.text(creator),
    // What was wrong with the file itself (cut off, damaged) is no longer to be seen in the copy.
    problems: problems.map((one) => ({ ...one, problem: redaction.text(one.problem) })),
    redacted: marked,
  };
  const text = (words: string): string => redaction.text(words);
  return {
    ...copy,
    result: { ...judged, source },
    notes: mapNotes(analysis.notes, text),
    view: analysis.view ? { search: text(analysis.view.search) } : null,
  };
}

/** Whether two results judge alike: rule, kind, level, party and where the evidence stands; not the wording. */
export function sameOutcomes(one: Result, other: Result): boolean {
  const [a, b] = [structureOf(one), structureOf(other)];
  return a.length === b.length && a.every((outcome, index) => outcome === b[index]);
}

/** The outcomes without wording and aliases, one string each, sorted. */
export function structureOf(result: Result): readonly string[] {
  return result.outcomes.map(structureOfOutcome).sort();
}

function structureOfOutcome(outcome: ResultOutcome): string {
  const places = outcome.evidence.map(({ entry, part }) => `${entry} ${part}`);
  const marks = [outcome.baselineState ?? '', outcome.expected !== undefined];
  return JSON.stringify([
    outcome.rule,
    outcome.kind,
    outcome.level,
    outcome.party,
    places,
    outcome.missing ?? [],
    marks,
  ]);
}

function originalOutcomes(result: Result, redaction: Redaction): Result {
  const shown = redaction.result(result);
  return {
    ...shown,
    outcomes: shown.outcomes.map((outcome) => ({
      ...outcome,
      evidence: outcome.evidence.map(({ entry, part, note }) => ({ entry, part, note })),
    })),
  };
}
