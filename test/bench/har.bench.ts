/**
 * What it costs to analyse a recording as a stream: `npm run build:cli && npx tsx test/bench/har.bench.ts`.
 * Whole processes are compared, run in turns: the analysis, reading and `JSON.parse` alone, and `jq`.
 * `--large` adds a recording of 2 GB, which no string of Node can hold. `--runs <n>`: 5 by default.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeBrowsing } from './browsing.ts';

const { values } = parseArgs({ options: { large: { type: 'boolean' }, runs: { type: 'string', default: '5' } } });
const ENTRIES = 50_000;
const command = resolve(import.meta.dirname, '../../dist/cli/main.js');
if (!existsSync(command)) throw new Error('build the command line first: npm run build:cli');

/** Writes its peak memory (kB) to standard error when it ends. */
const watch = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak='+process.resourceUsage().maxRSS))`;

interface Run {
  readonly seconds: number;
  /** Peak of the resident set, MB; null where it was not told. */
  readonly memory: number | null;
}

function timed(program: string, args: readonly string[]): Run {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const seconds = (performance.now() - start) / 1000;
  if (error) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${program} ${args.join(' ')}: ${status} ${stderr.slice(0, 500)}`);
  const peak = stderr.slice(stderr.lastIndexOf('peak=') + 5);
  return { seconds, memory: stderr.includes('peak=') ? Number(peak) / 1000 : null };
}

const analysis = (file: string): Run =>
  timed(process.execPath, ['--import', watch, command, 'analyze', file, '--quiet', '--format', 'json']);
const parsing = (file: string): Run =>
  timed(process.execPath, [
    '--import',
    watch,
    '-e',
    `JSON.parse(require('fs').readFileSync(${JSON.stringify(file)},'utf8'))`,
  ]);
const jq = (file: string): Run => timed('jq', ['.log.entries | length', file]);
const hasJq = spawnSync('jq', ['--version']).status === 0;

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

const rows: string[][] = [['', 'time', 'against the yardstick', 'peak memory']];
function tell(what: string, runs: readonly Run[], yardstick: number, unit: string): number {
  const seconds = median(runs.map((run) => run.seconds));
  const memory = runs.every((run) => run.memory !== null) ? Math.max(...runs.map((run) => run.memory ?? 0)) : null;
  const ratio = Number.isNaN(yardstick) ? '' : `${(seconds / yardstick).toFixed(2)} x ${unit}`;
  rows.push([what, `${seconds.toFixed(2)} s`, ratio, memory === null ? '' : `${memory.toFixed(0)} MB`]);
  return seconds;
}

const folder = mkdtempSync(join(tmpdir(), 'mcp-auth-inspector-bench-'));
try {
  const [tenth, file, large] = ['tenth.har', 'browsing.har', 'large.har'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeBrowsing(tenth, ENTRIES / 10);
  const size = await writeBrowsing(file, ENTRIES);
  const runs = { analysis: [] as Run[], parsing: [] as Run[], jq: [] as Run[], tenth: [] as Run[], start: [] as Run[] };
  for (let turn = 0; turn < Number(values.runs); turn += 1) {
    runs.analysis.push(analysis(file));
    runs.parsing.push(parsing(file));
    runs.tenth.push(analysis(tenth));
    if (hasJq && turn < 2) runs.jq.push(jq(file));
  }
  const yardstick = median(runs.parsing.map((run) => run.seconds));
  const what = `${ENTRIES} entries, ${(size / 1e6).toFixed(0)} MB`;
  tell(`JSON.parse: ${what}`, runs.parsing, Number.NaN, '');
  const whole = tell(`analyze: ${what}`, runs.analysis, yardstick, 'JSON.parse');
  if (hasJq) tell(`jq '.log.entries | length': ${what}`, runs.jq, yardstick, 'JSON.parse');
  const few = tell(`analyze: ${ENTRIES / 10} entries`, runs.tenth, Number.NaN, '');
  rows.push(['ten times the entries', '', `${(whole / few).toFixed(2)} x the time`, '']);
  if (values.large === true) {
    const times = Math.ceil(2.05e9 / size);
    const largeSize = await writeBrowsing(large, ENTRIES * times);
    const seconds = tell(
      `analyze: ${ENTRIES * times} entries, ${(largeSize / 1e9).toFixed(2)} GB`,
      [analysis(large)],
      whole,
      'a recording of 270 MB',
    );
    rows.push([`${times} times the entries`, '', `${(seconds / whole).toFixed(2)} x the time`, '']);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
process.stdout.write(
  `${rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`,
);
