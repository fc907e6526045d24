import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Recorded traffic with a referee's verdicts: a folder of its own, named by `MCP_AUTH_CORPUS`
 * or lying beside the project. Tests that want it skip themselves where it is absent.
 */
const root = process.env.MCP_AUTH_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');

export interface Recording {
  /** File name without `.har`. */
  readonly name: string;
  /** The parsed document. */
  readonly har: unknown;
}

/** What `expected.json` says of one recording. */
export interface Expectation {
  readonly expect: readonly { readonly rule: string; readonly entry: number; readonly level?: string }[];
  readonly allow: readonly string[];
  readonly clean: boolean;
  readonly corsDisabled: boolean;
  readonly mcp: boolean;
}

/** The recordings of one folder (`real`, `conformance`); none where the corpus is absent. */
export function recordings(folder: string): readonly Recording[] {
  const path = resolve(root, folder);
  if (!existsSync(path)) return [];
  const files = readdirSync(path).filter((file) => file.endsWith('.har'));
  return files.sort().map((file) => ({ name: file.slice(0, -4), har: readJson(resolve(path, file)) }));
}

/** `real/expected.json`, by recording. */
export function expectations(): Readonly<Record<string, Expectation>> {
  const path = resolve(root, 'real/expected.json');
  return existsSync(path) ? (readJson(path) as Readonly<Record<string, Expectation>>) : {};
}

/** The conformance suite's checks on one recording. */
export function checksOf(name: string): readonly { readonly id: string; readonly status: string }[] {
  const file = readJson(resolve(root, 'conformance', `${name}.checks.json`)) as {
    readonly checks: readonly { readonly id: string; readonly status: string }[];
  };
  return file.checks;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
