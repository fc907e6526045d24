import { basename, join } from 'node:path';
import { analyzeStream } from '../report/analyze-stream.ts';
import { counts } from '../report/marks.ts';
import type { Result, ResultExpectation } from '../report/result.ts';
import type { ExportOptions } from '../report/share.ts';
import { visibleLine } from '../report/text.ts';
import { isFolder, makeFolder, openSource, outputNames, readSource, sizeOf, writeWhole } from './files.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';
import { type AnalyzeArguments, type Format, readAnalyzeArguments } from './options.ts';
import { Progress } from './progress.ts';
import {
  extensions,
  type Input,
  type ReportSettings,
  reportOf,
  singleFormats,
  textFormats,
  wholeFormats,
} from './reports.ts';
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
  const expectations: (readonly ResultExpectation[])[] = [];
  let isUnusable = false;
  let isAtFault = false;
  for (const [index, file] of given.files.entries()) {
    progress.start(file);
    let input: Input;
    try {
      input = await read(file, format, given, baseline, io, progress);
    } catch (error) {
      progress.clear();
      io.error(`mcp-auth-inspector: ${visibleLine(error instanceof Error ? error.message : String(error))}`);
      isUnusable = true;
      continue;
    }
    progress.clear();
    const { result } = input.analysis;
    if (!given.quiet) tellProblems(file, result, io);
    expectations.push(result.expectations ?? []);
    isAtFault ||= result.outcomes.some((outcome) => counts(outcome, given.threshold));
    await writer.add(input, index);
  }
  await writer.end();
  if (!given.quiet) tellExpectations(expectations, io);
  if (isUnusable) return 2;
  return isAtFault ? 1 : 0;
}

async function agree(io: Io): Promise<void> {
  const answer = await io.confirm('The output will hold live credentials: tokens, codes, passwords. Go on? [y/N] ');
  if (answer === null) throw new UsageError('--redact none writes live credentials: add --yes to say you mean it');
  if (!answer) throw new UsageError('stopped: nothing was written');
}

async function read(
  file: string,
  format: Format,
  given: AnalyzeArguments,
  baseline: readonly EarlierResult[] | null,
  io: Io,
  progress: Progress,
): Promise<Input> {
  const source = await openSource(file, io, (bytes) => progress.add(bytes));
  const name = file === '-' ? '-' : basename(file);
  const known = baseline === null ? {} : { baseline: baselineFor(baseline, name) };
  const options: ExportOptions = {
    redaction: { level: given.redact, conversation: given.conversation, allContent: given.allContent },
    analyze: { ...given.analyze, ...known },
  };
  const text = textFormats.has(format) ? await readSource(source) : '';
  const analysis = await analyzeStream(text === '' ? source.bytes : bytesOf(text), {
    ...options.analyze,
    name,
    keep: wholeFormats.has(format) ? 'all' : 'story',
  });
  const noHar = problemOfLog(analysis.result);
  if (noHar !== null) throw new UsageError(`${file}: ${noHar}`);
  return { file, analysis, text, options };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** What makes the whole input unusable; null when it is a HAR. */
export function problemOfLog(result: Result): string | null {
  const problem = result.source.problems.find((one) => one.entry < 0);
  if (problem === undefined) return null;
  return problem.field === '' ? problem.problem : `${problem.field}: ${problem.problem}`;
}

const told = 10;

/** Says on standard error what of an input could not be read. */
export function tellProblems(file: string, result: Result, io: Io): void {
  const { problems } = result.source;
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
  add(input: Input, index: number): Promise<void>;
  end(): Promise<void>;
}

/** Writes to standard output, to one file, or one file for each input into a folder. */
async function writerOf(format: Format, given: AnalyzeArguments, io: Io): Promise<Writer> {
  const settings: ReportSettings = {
    threshold: given.threshold,
    look: { color: given.color && given.out === null && io.isTerminal && !io.env.NO_COLOR, width: io.width },
    isMany: given.files.length > 1,
  };
  const { out } = given;
  if (out !== null && (given.files.length > 1 || (await isFolder(out)))) {
    await makeFolder(out);
    const names = outputNames(given.files, extensions[format]);
    return {
      add: async (input, index) => {
        const report = reportOf(format, { ...settings, isMany: false });
        const text = await report.add(input);
        await writeWhole(join(out, names[index] ?? `${index}`), `${text}${report.end()}`);
      },
      end: async () => {},
    };
  }
  const report = reportOf(format, settings);
  let whole = '';
  const write = async (text: string): Promise<void> => {
    if (out === null && text !== '') await io.out(text);
    whole += out === null ? '' : text;
  };
  return {
    add: async (input) => write(await report.add(input)),
    end: async () => {
      await write(report.end());
      if (out !== null && whole !== '') await writeWhole(out, whole);
    },
  };
}
