import { basename, join } from 'node:path';
import type { Analysis } from '../report/analysis.ts';
import { analyze } from '../report/analyze.ts';
import { annotatedHar } from '../report/har.ts';
import { htmlReport } from '../report/html/report.ts';
import { redactedResult, resultJson } from '../report/json.ts';
import type { Result } from '../report/result.ts';
import type { ExportOptions } from '../report/share.ts';
import { visibleLine } from '../report/text.ts';
import type { Level } from '../rules/outcome.ts';
import { isFolder, makeFolder, outputNames, readHarFile, writeWhole } from './files.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';
import { type AnalyzeArguments, type Format, readAnalyzeArguments } from './options.ts';
import { textReport } from './text-report.ts';

/** `analyze`: reads every input, writes one report of all or one per input, and counts faults. */
export async function analyzeCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const given = readAnalyzeArguments(args);
  const format: Format = given.format ?? (io.isTerminal && given.out === null ? 'text' : 'json');
  if (given.files.length > 1 && given.out === null && (format === 'har' || format === 'html')) {
    throw new UsageError(`--format ${format} of several inputs needs --out with a folder`);
  }
  if (given.redact === 'none' && !given.yes) await agree(io);

  const inputs: { readonly file: string; readonly analysis: Analysis }[] = [];
  let unusable = false;
  for (const file of given.files) {
    if (given.progress === 'always' || (given.progress === 'auto' && io.isErrorTerminal && given.files.length > 1)) {
      io.error(`analysing ${visibleLine(file)}`);
    }
    try {
      const analysis = analyze(await readHarFile(file, io), {
        name: file === '-' ? '-' : basename(file),
        spec: given.spec,
        ruleLevels: given.ruleLevels,
      });
      const noHar = problemOfLog(analysis.result);
      if (noHar !== null) throw new UsageError(`${file}: ${noHar}`);
      if (!given.quiet) tellProblems(file, analysis.result, io);
      inputs.push({ file, analysis });
    } catch (error) {
      io.error(`mcp-auth-inspector: ${visibleLine(error instanceof Error ? error.message : String(error))}`);
      unusable = true;
    }
  }
  if (inputs.length > 0) await write(inputs, format, given, io);
  if (unusable) return 2;
  return inputs.some(({ analysis }) => isAtFault(analysis.result, given)) ? 1 : 0;
}

async function agree(io: Io): Promise<void> {
  const answer = await io.confirm('The output will hold live credentials: tokens, codes, passwords. Go on? [y/N] ');
  if (answer === null) throw new UsageError('--redact none writes live credentials: add --yes to say you mean it');
  if (!answer) throw new UsageError('stopped: nothing was written');
}

/** What makes the whole input unusable; null when it is a HAR. */
function problemOfLog(result: Result): string | null {
  const problem = result.source.problems.find((one) => one.entry < 0);
  return problem === undefined ? null : `${problem.field}: ${problem.problem}`;
}

const told = 10;

function tellProblems(file: string, result: Result, io: Io): void {
  const { problems } = result.source;
  for (const { entry, field, problem } of problems.slice(0, told)) {
    io.error(visibleLine(`${file}: entry ${entry}: ${field === '' ? '' : `${field}: `}${problem}`));
  }
  if (problems.length > told) io.error(`${visibleLine(file)}: and ${problems.length - told} problems more`);
}

const ranks: Readonly<Record<Level | 'never', number>> = { none: 0, note: 1, warning: 2, error: 3, never: 4 };

/** Whether a fault at or above the threshold is the counted party's. */
function isAtFault(result: Result, given: AnalyzeArguments): boolean {
  return result.outcomes.some(
    (outcome) =>
      outcome.kind === 'fail' &&
      ranks[outcome.level] >= ranks[given.failOn] &&
      (given.party === 'all' || outcome.party === given.party),
  );
}

async function write(
  inputs: readonly { readonly file: string; readonly analysis: Analysis }[],
  format: Format,
  given: AnalyzeArguments,
  io: Io,
): Promise<void> {
  const options: ExportOptions = {
    redaction: { level: given.redact, conversation: given.conversation, allContent: given.allContent },
    analyze: { spec: given.spec, ruleLevels: given.ruleLevels },
  };
  const look = {
    color: given.color && given.out === null && io.isTerminal && !io.env.NO_COLOR,
    width: io.width,
  };
  const report = (analysis: Analysis): string => {
    switch (format) {
      case 'text':
        return textReport(redactedResult(analysis, options.redaction), look);
      case 'json':
        return resultJson([redactedResult(analysis, options.redaction)]);
      case 'har':
        return annotatedHar(analysis, options);
      case 'html':
        return htmlReport(analysis, options);
    }
  };
  if (given.out === null) {
    if (format === 'json') {
      await io.out(resultJson(inputs.map(({ analysis }) => redactedResult(analysis, options.redaction))));
    } else {
      await io.out(inputs.map(({ analysis }) => report(analysis)).join('\n'));
    }
    return;
  }
  if (given.files.length === 1 && !(await isFolder(given.out))) {
    for (const { analysis } of inputs) await writeWhole(given.out, report(analysis));
    return;
  }
  await makeFolder(given.out);
  const names = outputNames(
    inputs.map(({ file }) => file),
    extensions[format],
  );
  for (const [index, { analysis }] of inputs.entries()) {
    await writeWhole(join(given.out, names[index] ?? `${index}`), report(analysis));
  }
}

const extensions: Readonly<Record<Format, string>> = { text: 'txt', json: 'json', har: 'annotated.har', html: 'html' };
