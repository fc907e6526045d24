import { basename, join } from 'node:path';
import type { ResultExpectation, ResultSource } from '../report/result.ts';
import { visibleLine } from '../report/text.ts';
import { agree } from './agree.ts';
import { analyses } from './analyses.ts';
import type { AnalysisTask } from './analysis-task.ts';
import { isFolder, makeFolder, outputNames, sizeOf, writeWhole } from './files.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';
import { type AnalyzeArguments, type Format, readAnalyzeArguments } from './options.ts';
import { Progress } from './progress.ts';
import { extensions, type Part, reportOf, singleFormats } from './reports.ts';
import { baselineFor, type EarlierResult, readResults } from './results.ts';

/** `analyze`: reads every input, writes one report of all or one per input, and counts faults. */
export async function analyzeCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const given = readAnalyzeArguments(args, io);
  const format: Format = given.format ?? (io.isTerminal && given.out === null ? 'text' : 'json');
  if (given.files.length > 1 && given.out === null && singleFormats.has(format)) {
    throw new UsageError(`--format ${format} of several inputs needs --out with a folder`);
  }
  if (given.redact === 'none' && !given.yes) await agree(io);
  const baseline = given.baseline === null ? null : await readResults(given.baseline, '--baseline');

  const sizes = await Promise.all(given.files.map(sizeOf));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const progress = new Progress(io, given.progress, given.files.length, total);
  const writer = await writerOf(format, given, io);
  const tasks = given.files.map((file) => taskOf(file, format, given, baseline, io));
  const expectations: (readonly ResultExpectation[])[] = [];
  let isUnusable = false;
  let isAtFault = false;
  for await (const { index, task, outcome } of analyses(tasks, total, io, progress)) {
    progress.clear();
    if (outcome instanceof Error) {
      io.error(`mcp-auth-inspector: ${visibleLine(outcome.message)}`);
      isUnusable = true;
      continue;
    }
    if (!given.quiet) tellProblems(task.file, outcome.problems, io);
    expectations.push(outcome.expectations);
    isAtFault ||= outcome.isAtFault;
    await writer.add(outcome.part, index);
  }
  await writer.end();
  if (!given.quiet) tellExpectations(expectations, io);
  if (isUnusable) return 2;
  return isAtFault ? 1 : 0;
}

function taskOf(
  file: string,
  format: Format,
  given: AnalyzeArguments,
  baseline: readonly EarlierResult[] | null,
  io: Io,
): AnalysisTask {
  const known = baseline === null ? {} : { baseline: baselineFor(baseline, file === '-' ? '-' : basename(file)) };
  return {
    file,
    format,
    options: {
      redaction: { level: given.redact, conversation: given.conversation, allContent: given.allContent },
      analyze: { ...given.analyze, ...known },
    },
    threshold: given.threshold,
    look: { color: given.color && given.out === null && io.isTerminal && !io.env.NO_COLOR, width: io.width },
  };
}

const told = 10;

/** Says on standard error what of an input could not be read. */
export function tellProblems(file: string, problems: ResultSource['problems'], io: Io): void {
  for (const { entry, field, problem } of problems.slice(0, told)) {
    io.error(visibleLine(`${file}: entry ${entry}: ${field === '' ? '' : `${field}: `}${problem}`));
  }
  if (problems.length > told) io.error(`${visibleLine(file)}: and ${problems.length - told} problems more`);
}

/** Says which expected faults happened in no input, and which have expired. */
function tellExpectations(inputs: readonly (readonly ResultExpectation[])[], io: Io): void {
  for (const [index, { rule, server, expires }] of (inputs[0] ?? []).entries()) {
    const states = new Set(inputs.flatMap((list) => list[index]?.state ?? []));
    const what = visibleLine(`expected fault ${rule}${server === null ? '' : ` at ${server}`}`);
    if (states.has('expired')) io.error(`${what}: expired on ${expires}, it counts again`);
    else if (states.has('happens')) continue;
    else if (states.has('undecided')) io.error(`${what}: could not be decided from what was recorded`);
    else io.error(`${what}: no longer happens, take it out of the configuration`);
  }
}

interface Writer {
  add(part: Part, index: number): Promise<void>;
  end(): Promise<void>;
}

/** Writes to standard output, to one file, or one file for each input into a folder. */
async function writerOf(format: Format, { files, out, threshold }: AnalyzeArguments, io: Io): Promise<Writer> {
  if (out !== null && (files.length > 1 || (await isFolder(out)))) {
    await makeFolder(out);
    const names = outputNames(files, extensions[format]);
    return {
      add: async (part, index) => {
        const report = reportOf(format, threshold, false);
        const text = report.add(part);
        await writeWhole(join(out, names[index] ?? `${index}`), `${text}${report.end()}`);
      },
      end: async () => {},
    };
  }
  const report = reportOf(format, threshold, files.length > 1);
  let whole = '';
  const write = async (text: string): Promise<void> => {
    if (out === null && text !== '') await io.out(text);
    whole += out === null ? '' : text;
  };
  return {
    add: async (part) => write(report.add(part)),
    end: async () => {
      await write(report.end());
      if (out !== null && whole !== '') await writeWhole(out, whole);
    },
  };
}
