import { basename, join } from 'node:path';
import { analyze } from '../report/analyze.ts';
import { redactedHar } from '../report/har.ts';
import { defaultRedaction } from '../report/redaction/redact.ts';
import { readArguments } from './arguments.ts';
import { isFolder, outputNames, readJsonFile, writeWhole } from './files.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';

/** `redact`: a HAR that is safe to share. */
export async function redactCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const given = readArguments('redact', args);
  const [file] = given.operands;
  if (file === undefined || given.operands.length > 1) throw new UsageError('redact needs one HAR file');
  const { document } = await readJsonFile(file, io);
  const analysis = analyze(document, { name: file === '-' ? '-' : basename(file) });
  const noHar = analysis.result.source.problems.find((problem) => problem.entry < 0);
  if (noHar !== undefined) throw new UsageError(`${file}: ${noHar.field}: ${noHar.problem}`);
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
