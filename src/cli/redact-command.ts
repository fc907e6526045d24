import { basename, join } from 'node:path';
import { analyzeStream } from '../report/analyze-stream.ts';
import { redactedHar } from '../report/har.ts';
import { defaultRedaction } from '../report/redaction/redact.ts';
import { problemOfLog } from './analysis-task.ts';
import { tellProblems } from './analyze-command.ts';
import { readArguments } from './arguments.ts';
import { isFolder, openSource, outputNames, writeWhole } from './files.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';

/** `redact`: a HAR that is safe to share. */
export async function redactCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const given = readArguments('redact', args);
  const [file] = given.operands;
  if (file === undefined || given.operands.length > 1) throw new UsageError('redact needs one HAR file');
  const { bytes } = await openSource(file, io);
  const analysis = await analyzeStream(bytes, { name: file === '-' ? '-' : basename(file), keep: 'all' });
  const noHar = problemOfLog(analysis.result);
  if (noHar !== null) throw new UsageError(`${file}: ${noHar}`);
  if (!given.flag('quiet')) tellProblems(file, analysis.result.source.problems, io);
  const text = redactedHar(analysis, {
    redaction: {
      ...defaultRedaction,
      level: given.choice('redact', ['full', 'tokens'] as const, 'full'),
      allContent: given.flag('all-content'),
      conversation: given.flag('conversation'),
    },
    analyze: {},
  });
  const out = given.text('out');
  if (out === null) await io.out(text);
  else if (await isFolder(out)) await writeWhole(join(out, outputNames([file], 'redacted.har')[0] ?? ''), text);
  else await writeWhole(out, text);
  return 0;
}
