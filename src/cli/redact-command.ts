import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyze } from '../report/analyze.ts';
import { redactedHar } from '../report/har.ts';
import { defaultRedaction } from '../report/redaction/redact.ts';
import { isFolder, outputNames, readHarFile, writeWhole } from './files.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';
import { oneOf, parse } from './options.ts';

/** `redact`: a HAR that is safe to share. */
export async function redactCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const { values, positionals } = parse(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        redact: { type: 'string' },
        'all-content': { type: 'boolean' },
        conversation: { type: 'boolean' },
        quiet: { type: 'boolean' },
      },
    }),
  );
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new UsageError('redact needs one HAR file');
  const analysis = analyze(await readHarFile(file, io), { name: file === '-' ? '-' : basename(file) });
  const noHar = analysis.result.source.problems.find((problem) => problem.entry < 0);
  if (noHar !== undefined) throw new UsageError(`${file}: ${noHar.field}: ${noHar.problem}`);
  const text = redactedHar(analysis, {
    redaction: {
      ...defaultRedaction,
      level: oneOf(values.redact ?? 'full', ['full', 'tokens'] as const, '--redact'),
      allContent: values['all-content'] ?? false,
      conversation: values.conversation ?? false,
    },
    analyze: {},
  });
  if (values.out === undefined) await io.out(text);
  else if (await isFolder(values.out))
    await writeWhole(join(values.out, outputNames([file], 'redacted.har')[0] ?? ''), text);
  else await writeWhole(values.out, text);
  return 0;
}
