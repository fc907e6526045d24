import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { asRevision, type Revision } from '../protocol/mcp.ts';
import type { RedactionLevel } from '../report/redaction/redact.ts';
import type { LevelOverride } from '../rules/evaluate.ts';
import type { Level, Party } from '../rules/outcome.ts';
import { findRule } from '../rules/registry.ts';
import { UsageError } from './io.ts';

export type Format = 'text' | 'json' | 'har' | 'html';

export interface AnalyzeArguments {
  readonly files: readonly string[];
  /** null: text on a terminal, json otherwise. */
  readonly format: Format | null;
  readonly out: string | null;
  readonly failOn: Exclude<Level, 'none'> | 'never';
  readonly party: Party | 'all';
  readonly spec: Revision | 'auto';
  readonly ruleLevels: ReadonlyMap<string, LevelOverride>;
  readonly redact: RedactionLevel;
  readonly yes: boolean;
  readonly allContent: boolean;
  readonly conversation: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly progress: 'auto' | 'always' | 'never';
}

const formats = ['text', 'json', 'har', 'html'] as const;
const laterFormats = ['ndjson', 'md', 'sarif', 'junit'];
const thresholds = ['error', 'warning', 'note', 'never'] as const;
const parties = ['client', 'server', 'authorization-server', 'all'] as const;
const levels = ['off', 'error', 'warning', 'note'] as const;

/** Reads the arguments of `analyze`; throws UsageError with the option's name. */
export function readAnalyzeArguments(args: readonly string[]): AnalyzeArguments {
  const { values, positionals } = parse(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        out: { type: 'string' },
        'fail-on': { type: 'string' },
        party: { type: 'string' },
        spec: { type: 'string' },
        rule: { type: 'string', multiple: true },
        config: { type: 'string' },
        baseline: { type: 'string' },
        redact: { type: 'string' },
        yes: { type: 'boolean' },
        'all-content': { type: 'boolean' },
        conversation: { type: 'boolean' },
        quiet: { type: 'boolean' },
        'no-color': { type: 'boolean' },
        progress: { type: 'string' },
      },
    }),
  );
  if (values.baseline !== undefined) throw new UsageError('--baseline comes in a later version');
  if (laterFormats.includes(values.format ?? ''))
    throw new UsageError(`--format ${values.format} comes in a later version`);
  if (positionals.length === 0) throw new UsageError("analyze needs a HAR file, or '-' for standard input");
  if (positionals.filter((file) => file === '-').length > 1)
    throw new UsageError("standard input ('-') can be read only once");
  const config = values.config === undefined ? noConfig : readConfig(values.config);
  const ruleLevels = new Map(config.rules);
  for (const text of values.rule ?? []) {
    const sign = text.lastIndexOf('=');
    setRule(ruleLevels, text.slice(0, Math.max(0, sign)), text.slice(sign + 1), '--rule');
  }
  return {
    files: positionals,
    format: values.format === undefined ? null : oneOf(values.format, formats, '--format'),
    out: values.out ?? null,
    failOn: oneOf(values['fail-on'] ?? config.failOn ?? 'warning', thresholds, '--fail-on'),
    party: oneOf(values.party ?? config.party ?? 'client', parties, '--party'),
    spec: readSpec(values.spec ?? config.spec ?? 'auto'),
    ruleLevels,
    redact: oneOf(values.redact ?? 'full', ['full', 'tokens', 'none'] as const, '--redact'),
    yes: values.yes ?? false,
    allContent: values['all-content'] ?? false,
    conversation: values.conversation ?? false,
    quiet: values.quiet ?? false,
    color: !(values['no-color'] ?? false),
    progress: oneOf(values.progress ?? 'auto', ['auto', 'always', 'never'] as const, '--progress'),
  };
}

/** Runs parseArgs; its complaint becomes a UsageError of one line. */
export function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '');
  }
}

/** The value if it is one of the choices; else a UsageError that lists them. */
export function oneOf<T extends string>(value: string, choices: readonly T[], option: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined)
    throw new UsageError(`${option} is one of ${choices.join(', ')}, not ${JSON.stringify(value)}`);
  return found;
}

function readSpec(value: string): Revision | 'auto' {
  const revision = value === 'auto' ? 'auto' : asRevision(value);
  if (revision === null)
    throw new UsageError(`--spec is auto or an MCP revision such as 2025-11-25, not ${JSON.stringify(value)}`);
  return revision;
}

function setRule(map: Map<string, LevelOverride>, id: string, level: string, from: string): void {
  const rule = findRule(id);
  if (rule === null) throw new UsageError(`${from}: no rule ${JSON.stringify(id)}; the command rules lists them`);
  map.set(rule.id, oneOf(level, levels, `${from} ${id}`));
}

interface Config {
  readonly failOn?: string;
  readonly party?: string;
  readonly spec?: string;
  readonly rules: ReadonlyMap<string, LevelOverride>;
}

const noConfig: Config = { rules: new Map() };

function readConfig(path: string): Config {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`--config ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new UsageError(`--config ${path}: not a JSON object`);
  const rules = new Map<string, LevelOverride>();
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(content)) {
    if (key === 'rules' && typeof value === 'object' && value !== null) {
      for (const [id, level] of Object.entries(value)) setRule(rules, id, String(level), `--config ${path}`);
    } else if (['failOn', 'party', 'spec'].includes(key) && typeof value === 'string') {
      texts.set(key, value);
    } else {
      throw new UsageError(`--config ${path}: ${key}: not understood`);
    }
  }
  const [failOn, party, spec] = [texts.get('failOn'), texts.get('party'), texts.get('spec')];
  return {
    rules,
    ...(failOn === undefined ? {} : { failOn }),
    ...(party === undefined ? {} : { party }),
    ...(spec === undefined ? {} : { spec }),
  };
}
