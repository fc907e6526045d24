import { basename } from 'node:path';
import { analyze } from '../report/analyze.ts';
import { type Comparable, compare, type Difference, isGraver } from '../report/compare.ts';
import { redactedResult } from '../report/json.ts';
import { counts } from '../report/marks.ts';
import { byOccasion } from '../report/occasions.ts';
import { defaultRedaction } from '../report/redaction/redact.ts';
import { visible, visibleLine } from '../report/text.ts';
import { count, partyNames } from '../report/words.ts';
import type { Outcome } from '../rules/outcome.ts';
import { problemOfLog } from './analysis-task.ts';
import { readArguments } from './arguments.ts';
import { readJsonFile, writeWhole } from './files.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';
import { type Judging, readJudging } from './options.ts';
import { asResult } from './results.ts';
import { faultSign, type Look, type Pen, penOf, wrap } from './text-report.ts';

/** `diff`: the faults of two recordings that are fixed, new, or unchanged. */
export async function diffCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const given = readArguments('diff', args);
  const [before, after, ...more] = given.operands;
  if (before === undefined || after === undefined || more.length > 0)
    throw new UsageError('diff needs two recordings: the one before and the one after');
  if (before === '-' && after === '-') throw new UsageError("standard input ('-') can be read only once");
  const out = given.text('out');
  const format = given.choice('format', ['text', 'json'] as const, io.isTerminal && out === null ? 'text' : 'json');
  const judging = readJudging(given, io);
  const isQuiet = given.flag('quiet');
  const difference = compare(await read(before, judging, isQuiet, io), await read(after, judging, isQuiet, io));
  const look: Look = {
    color: !given.flag('no-color') && out === null && io.isTerminal && !io.env.NO_COLOR,
    width: io.width,
  };
  const text = format === 'json' ? `${JSON.stringify(difference, null, 2)}\n` : diffText(difference, look);
  if (out === null) await io.out(text);
  else await writeWhole(out, text);
  const worse = [...difference.new, ...difference.unchanged.filter(isGraver)];
  return worse.some((fault) => counts(fault, judging.threshold)) ? 1 : 0;
}

/** A recording's result, redacted, or an earlier result as it stands. */
async function read(file: string, judging: Judging, isQuiet: boolean, io: Io): Promise<Comparable> {
  const document = await readJsonFile(file, io);
  const earlier = asResult(document);
  if (earlier !== null) return { tool: earlier.tool, source: earlier.source, outcomes: earlier.outcomes };
  const analysis = analyze(document, { ...judging.analyze, name: file === '-' ? '-' : basename(file) });
  const noHar = problemOfLog(analysis.result);
  if (noHar !== null) throw new UsageError(`${file}: ${noHar}`);
  const { problems } = analysis.result.source;
  if (problems.length > 0 && !isQuiet)
    io.error(`${visibleLine(file)}: ${count(problems.length, 'problem')} in the input; analyze lists them`);
  return redactedResult(analysis, defaultRedaction);
}

/** The difference for a person at a terminal. */
export function diffText(difference: Difference, look: Look): string {
  const pen = penOf(look);
  const { before, after, fixed, unchanged } = difference;
  const sections = [
    pen.bold(`${visibleLine(before.name)} → ${visibleLine(after.name)}`),
    section('New', difference.new, () => '', pen),
    section('Fixed', fixed, ({ now }) => nowWords[now], pen),
    section('Unchanged', unchanged, ({ levelBefore }) => (levelBefore === undefined ? '' : `was ${levelBefore}`), pen),
  ];
  return `${sections.join('\n\n')}\n`;
}

const nowWords = {
  pass: 'now passes',
  open: 'no longer seen; could not be decided',
  informational: 'no longer a fault',
  notApplicable: 'no longer seen; does not apply',
  absent: 'no longer seen; there was no occasion to judge it',
} as const;

/** Equal faults with the same note are told once, with the exchanges of the others. */
function section<T extends Outcome>(
  title: string,
  faults: readonly T[],
  noteOf: (fault: T) => string,
  pen: Pen,
): string {
  const byNote = new Map<string, T[]>();
  for (const fault of faults) byNote.set(noteOf(fault), [...(byNote.get(noteOf(fault)) ?? []), fault]);
  const entries = [...byNote].flatMap(([note, group]) =>
    byOccasion(group).flatMap(({ first, more }) => {
      const places = more.flatMap(({ evidence }) => evidence[0] ?? []).map(({ entry }) => `#${entry}`);
      const also = `also  ${count(more.length, 'more occasion')}: ${places.join(' ')}`;
      return [...lines(first, note, pen), ...(more.length === 0 ? [] : [`      ${pen.dim(also)}`])];
    }),
  );
  return [pen.bold(`${title} (${faults.length})`), ...entries].join('\n');
}

function lines(fault: Outcome, note: string, pen: Pen): readonly string[] {
  const [sign, paint] = faultSign(fault.level, pen);
  const place = fault.evidence[0] === undefined ? '' : ` #${fault.evidence[0].entry}`;
  return [
    `  ${paint(`${sign} ${visibleLine(fault.level)}`)}  ${visibleLine(fault.rule)}${note === '' ? '' : `  ${pen.dim(note)}`}`,
    `      ${pen.dim(`by the ${partyNames[fault.party] ?? visibleLine(fault.party)}, ${visibleLine(fault.subject)}${place}`)}`,
    ...wrap(visible(fault.message), pen.width - 6).map((line) => `      ${line}`),
  ];
}
