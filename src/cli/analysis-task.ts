import { basename } from 'node:path';
import { analyzeStream } from '../report/analyze-stream.ts';
import { counts, type Threshold } from '../report/marks.ts';
import type { Result, ResultExpectation, ResultSource } from '../report/result.ts';
import type { ExportOptions } from '../report/share.ts';
import { openSource, readSource } from './files.ts';
import { type Io, UsageError } from './io.ts';
import type { Format } from './options.ts';
import { type Part, partOf, textFormats, wholeFormats } from './reports.ts';
import { quickReading } from './simd/simd-scanner.ts';
import type { Look } from './text-report.ts';

/** One input to be analysed, and what is wanted of it: plain data, for any thread. */
export interface AnalysisTask {
  readonly file: string;
  readonly format: Format;
  readonly options: ExportOptions;
  readonly threshold: Threshold;
  readonly look: Look;
}

/** What came of a task: plain data. */
export interface AnalysisDone {
  readonly part: Part;
  readonly problems: ResultSource['problems'];
  readonly expectations: readonly ResultExpectation[];
  /** Something at or above the threshold. */
  readonly isAtFault: boolean;
}

/** Reads and analyses one input; throws UsageError, which names it, when it is unusable. `onBytes` is told of each piece as it is read. */
export async function carryOut(
  { file, format, options, threshold, look }: AnalysisTask,
  io: Pick<Io, 'readInput'>,
  onBytes: (bytes: number) => void,
): Promise<AnalysisDone> {
  const source = await openSource(file, io, onBytes);
  const text = textFormats.has(format) ? await readSource(source) : '';
  const analysis = await analyzeStream(text === '' ? source.bytes : bytesOf(text), {
    ...options.analyze,
    name: file === '-' ? '-' : basename(file),
    ...quickReading(),
    keep: wholeFormats.has(format) ? 'all' : 'story',
  });
  const { result } = analysis;
  const noHar = problemOfLog(result);
  if (noHar !== null) throw new UsageError(`${file}: ${noHar}`);
  return {
    part: await partOf(format, { file, analysis, text, options }, look),
    problems: result.source.problems,
    expectations: result.expectations ?? [],
    isAtFault: result.outcomes.some((outcome) => counts(outcome, threshold)),
  };
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
