import { readFileSync } from 'node:fs';
import type { Expectation } from '../report/marks.ts';
import type { LevelOverride } from '../rules/evaluate.ts';
import type { Level } from '../rules/outcome.ts';
import { findRule } from '../rules/registry.ts';
import { oneOf } from './arguments.ts';
import { thresholds } from './commands.ts';
import { UsageError } from './io.ts';

export type FailOn = Exclude<Level, 'none'> | 'never';

/** A configuration file as `config.schema.json` describes it. */
export interface Config {
  readonly failOn: string | null;
  readonly party: string | null;
  readonly spec: string | null;
  readonly rules: ReadonlyMap<string, LevelOverride>;
  readonly servers: ReadonlyMap<string, ServerConfig>;
  readonly expected: readonly Expectation[];
}

export interface ServerConfig {
  readonly failOn: FailOn | null;
  readonly rules: ReadonlyMap<string, LevelOverride>;
}

export const noConfig: Config = {
  failOn: null,
  party: null,
  spec: null,
  rules: new Map(),
  servers: new Map(),
  expected: [],
};

const levels = ['off', 'error', 'warning', 'note'] as const;

/** Reads a configuration; throws UsageError that names the file and the member. */
export function readConfig(path: string): Config {
  let content: unknown;
  try {
    const text = readFileSync(path, 'utf8');
    content = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw new UsageError(`--config ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const from = `--config ${path}`;
  const members = membersOf(content, from, ['$schema', 'failOn', 'party', 'spec', 'rules', 'servers', 'expected']);
  return {
    failOn: textOf(members, 'failOn', from),
    party: textOf(members, 'party', from),
    spec: textOf(members, 'spec', from),
    rules: rulesOf(members.get('rules'), `${from}: rules`),
    servers: serversOf(members.get('servers'), `${from}: servers`),
    expected: expectedOf(members.get('expected'), `${from}: expected`),
  };
}

/** Sets a rule's level by its id or alias. */
export function setRule(map: Map<string, LevelOverride>, id: string, level: string, from: string): void {
  const rule = findRule(id);
  if (rule === null) throw new UsageError(`${from}: no rule ${JSON.stringify(id)}; the command rules lists them`);
  map.set(rule.id, oneOf(level, levels, `${from} ${id}`));
}

function membersOf(value: unknown, from: string, known: readonly string[] | null): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${from}: not a JSON object`);
  const members = new Map<string, unknown>(Object.entries(value));
  for (const key of members.keys()) {
    if (known !== null && !known.includes(key)) throw new UsageError(`${from}: ${key}: not understood`);
  }
  return members;
}

function textOf(members: ReadonlyMap<string, unknown>, key: string, from: string): string | null {
  const value = members.get(key);
  if (value === undefined) return null;
  if (typeof value !== 'string') throw new UsageError(`${from}: ${key}: not a string`);
  return value;
}

function rulesOf(value: unknown, from: string): ReadonlyMap<string, LevelOverride> {
  const rules = new Map<string, LevelOverride>();
  if (value === undefined) return rules;
  for (const [id, level] of membersOf(value, from, null)) setRule(rules, id, String(level), from);
  return rules;
}

function serversOf(value: unknown, from: string): ReadonlyMap<string, ServerConfig> {
  if (value === undefined) return new Map();
  return new Map(
    [...membersOf(value, from, null)].map(([url, settings]) => {
      const place = `${from}: ${url}`;
      const members = membersOf(settings, place, ['failOn', 'rules']);
      const failOn = textOf(members, 'failOn', place);
      return [
        url,
        {
          failOn: failOn === null ? null : oneOf(failOn, thresholds, `${place}: failOn`),
          rules: rulesOf(members.get('rules'), `${place}: rules`),
        },
      ];
    }),
  );
}

function expectedOf(value: unknown, from: string): readonly Expectation[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new UsageError(`${from}: not a list`);
  return value.map((item: unknown, index) => {
    const place = `${from}[${index}]`;
    const members = membersOf(item, place, ['rule', 'server', 'reason', 'expires']);
    const id = textOf(members, 'rule', place) ?? '';
    const rule = findRule(id);
    if (rule === null) throw new UsageError(`${place}: no rule ${JSON.stringify(id)}; the command rules lists them`);
    const reason = textOf(members, 'reason', place) ?? '';
    if (reason.trim() === '') throw new UsageError(`${place}: reason: say why the fault is expected`);
    const expires = textOf(members, 'expires', place);
    if (expires !== null && !isDate(expires))
      throw new UsageError(`${place}: expires: not a date such as 2026-12-31: ${JSON.stringify(expires)}`);
    return { rule: rule.id, server: textOf(members, 'server', place), reason, expires };
  });
}

/** A day that the calendar has, `YYYY-MM-DD`. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}
