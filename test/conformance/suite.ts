import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Check } from './agreement.ts';
import type { Run } from './plan.ts';

/** The suite, and the Node that it needs, in exactly these versions. */
const packages = { '@modelcontextprotocol/conformance': '0.2.0-alpha.12', node: '22.23.3' } as const;
const root = resolve(import.meta.dirname, '../..');
/** Not among the project's own packages: the suite and its Node weigh 240 MB. */
const cache = join(root, 'node_modules/.cache/conformance');
const node = join(cache, 'node_modules/node/bin/node');
const suite = join(cache, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
/** A run takes two seconds; a client that hangs is given up after a minute. */
const timeout = 60_000;

/** What came of a run: the suite's verdicts, and what the client sent and received. */
export interface Played {
  readonly checks: readonly Check[];
  /** A HAR document; null when the client wrote none. */
  readonly har: unknown;
}

/**
 * Installs the suite beside the project's packages, unless it is there in these versions.
 *
 * @param tell called when something is fetched
 */
export function ensureSuite(tell: (what: string) => void): void {
  const wanted = Object.entries(packages);
  const has = ([name, version]: [string, string]): boolean => {
    const manifest = join(cache, 'node_modules', name, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  };
  if (wanted.every(has) && existsSync(node)) return;
  const specs = wanted.map(([name, version]) => `${name}@${version}`);
  tell(`installing ${specs.join(' and ')} into ${cache}`);
  mkdirSync(cache, { recursive: true });
  const where = ['--prefix', cache, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts=false'];
  execFileSync('npm', ['install', ...where, ...specs], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The scenarios of the suite about a client's authorization, with the revisions that each is for. */
export function authScenarios(): ReadonlyMap<string, readonly string[]> {
  const listed = execFileSync(node, [suite, 'list'], { encoding: 'utf8' });
  const found = listed.matchAll(/^ +- auth\/(\S+) \[([^\]]*)\]/gm);
  return new Map([...found].map(([, name = '', revisions = '']) => [name, revisions.split(',')]));
}

/** Plays one scenario with our client. */
export async function play({ scenario, revision, sdk, fault }: Run): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-auth-conformance-'));
  const har = join(folder, 'client.har');
  const client = join(import.meta.dirname, 'client/main.ts');
  const command = [process.execPath, '--import', 'tsx', client, '--sdk', sdk, '--fault', fault, '--har', har].join(' ');
  const about = ['--scenario', `auth/${scenario}`, '--spec-version', revision, '--force'];
  const args = [suite, 'client', ...about, '--timeout', String(timeout), '-o', folder, '--command', command];
  try {
    await ended(args);
    const results = join(folder, 'auth');
    const [newest] = existsSync(results) ? readdirSync(results) : [];
    if (newest === undefined) throw new Error(`the suite left no result of ${scenario} at ${revision}`);
    return {
      checks: readJson(join(results, newest, 'checks.json')) as readonly Check[],
      har: existsSync(har) ? readJson(har) : null,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves when the suite has ended; its status says only what the checks say. */
function ended(args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(node, args, { cwd: root, stdio: 'ignore' });
    child.once('error', fail);
    child.once('exit', () => done());
  });
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
