import { asRevision, type Revision } from '../protocol/mcp.ts';
import type { AnalyzeOptions } from '../report/analyze.ts';
import type { Threshold } from '../report/marks.ts';
import type { RedactionLevel } from '../report/redaction/redact.ts';
import { type Arguments, oneOf, readArguments } from './arguments.ts';
import { formats, parties, thresholds } from './commands.ts';
import { type FailOn, noConfig, readConfig, setRule } from './config.ts';
import { type Io, UsageError } from './io.ts';

export type Format = (typeof formats)[number];

/** How inputs are judged, and what counts: the options that several commands share. */
export interface Judging {
  readonly analyze: Omit<AnalyzeOptions, 'name' | 'baseline'>;
  readonly threshold: Threshold;
}

export interface AnalyzeArguments extends Judging {
  readonly files: readonly string[];
  /** null: text on a terminal, json otherwise. */
  readonly format: Format | null;
  readonly out: string | null;
  readonly baseline: string | null;
  readonly redact: RedactionLevel;
  readonly yes: boolean;
  readonly allContent: boolean;
  readonly conversation: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly progress: 'auto' | 'always' | 'never';
}

/** Reads the arguments of `analyze`; throws UsageError with the option's name. */
export function readAnalyzeArguments(args: readonly string[], io: Io): AnalyzeArguments {
  const given = readArguments('analyze', args);
  if (given.operands.length === 0) throw new UsageError("analyze needs a HAR file, or '-' for standard input");
  if (given.operands.filter((file) => file === '-').length > 1)
    throw new UsageError("standard input ('-') can be read only once");
  const format = given.text('format');
  return {
    files: given.operands,
    format: format === null ? null : oneOf(format, formats, '--format'),
    out: given.text('out'),
    baseline: given.text('baseline'),
    redact: given.choice('redact', ['full', 'tokens', 'none'] as const, 'full'),
    yes: given.flag('yes'),
    allContent: given.flag('all-content'),
    conversation: given.flag('conversation'),
    quiet: given.flag('quiet'),
    color: !given.flag('no-color'),
    progress: given.choice('progress', ['auto', 'always', 'never'] as const, 'auto'),
    ...readJudging(given, io),
  };
}

/** Reads `--spec`, `--rule`, `--fail-on`, `--party` and `--config`; options go before the configuration. */
export function readJudging(given: Arguments, io: Io): Judging {
  const path = given.text('config');
  const config = path === null ? noConfig : readConfig(path);
  const ruleLevels = new Map(config.rules);
  const called = new Map<string, 'off' | 'error' | 'warning' | 'note'>();
  for (const text of given.all('rule')) {
    const sign = text.lastIndexOf('=');
    setRule(called, text.slice(0, Math.max(0, sign)), text.slice(sign + 1), '--rule');
  }
  for (const [id, level] of called) ruleLevels.set(id, level);
  const serverLevels = new Map(
    [...config.servers].map(([url, { rules }]) => [url, new Map([...rules].filter(([id]) => !called.has(id)))]),
  );
  const failOn = given.text('fail-on');
  const servers = new Map<string, FailOn>();
  for (const [url, { failOn: level }] of config.servers) {
    if (level !== null && failOn === null) servers.set(url, level);
  }
  return {
    analyze: {
      spec: readSpec(given.text('spec') ?? config.spec ?? 'auto'),
      ruleLevels,
      serverLevels,
      expectations: { list: config.expected, today: io.today },
    },
    threshold: {
      failOn: oneOf(failOn ?? config.failOn ?? 'warning', thresholds, '--fail-on'),
      party: oneOf(given.text('party') ?? config.party ?? 'client', parties, '--party'),
      servers,
    },
  };
}

function readSpec(value: string): Revision | 'auto' {
  const revision = value === 'auto' ? 'auto' : asRevision(value);
  if (revision === null)
    throw new UsageError(`--spec is auto or an MCP revision such as 2025-11-25, not ${JSON.stringify(value)}`);
  return revision;
}
