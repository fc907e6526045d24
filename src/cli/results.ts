import { readFile } from 'node:fs/promises';
import type { Comparable } from '../report/compare.ts';
import { UsageError } from './io.ts';

/** Results as `analyze` wrote them. */
export type EarlierResult = Comparable;

/** Reads the results of `--format json` (one or a list) or `ndjson`; throws UsageError that names the option and the file. */
export async function readResults(path: string, option: string): Promise<readonly EarlierResult[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${option} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  const values = valuesOf(text);
  if (values === null) throw new UsageError(`${option} ${path}: neither JSON nor lines of JSON`);
  return values.map((value) => {
    const result = asResult(value);
    if (result === null)
      throw new UsageError(`${option} ${path}: not a result of analyze --format json (mcp-auth-inspector/result/1)`);
    return result;
  });
}

function valuesOf(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      return lines.map((line): unknown => JSON.parse(line));
    } catch {
      return null;
    }
  }
}

/** The value if it is a result of this tool, as far as comparing needs it; else null. */
export function asResult(value: unknown): EarlierResult | null {
  const { schema, source, tool, outcomes } = fieldsOf(value);
  if (schema !== 'mcp-auth-inspector/result/1' || !Array.isArray(outcomes)) return null;
  if (typeof fieldsOf(source).name !== 'string' || typeof fieldsOf(tool).version !== 'string') return null;
  return outcomes.every(isOutcome) ? (value as EarlierResult) : null;
}

function isOutcome(value: unknown): boolean {
  const { rule, kind, level, party, subject, message, fix, evidence } = fieldsOf(value);
  return (
    [rule, kind, level, party, subject, message, fix].every((text) => typeof text === 'string') &&
    Array.isArray(evidence) &&
    evidence.every((one: unknown) => {
      const { entry, part, note } = fieldsOf(one);
      return typeof entry === 'number' && typeof part === 'string' && typeof note === 'string';
    })
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The faults that a baseline holds for an input: the result of the same name, or the only one there is. */
export function baselineFor(results: readonly EarlierResult[], name: string): EarlierResult['outcomes'] {
  const same = results.filter(({ source }) => source.name === name);
  const [only] = results;
  if (same.length === 0 && results.length === 1 && only !== undefined) return only.outcomes;
  return same.flatMap(({ outcomes }) => outcomes);
}
