/**
 * What all rules cost beside the headline rules alone: `npm run bench:rules`, on a machine that is idle otherwise. The
 * largest shared recording (or, where there is none, the largest of `test/recordings`) is analysed with either by the
 * built library, in turns; medians and their ratio are told, and the same with its `JSON.parse`, as a user meets it. Exits
 * with 1 when all rules cost twice as much or more, reading left out.
 * `--profile` lists the rules that cost most; what several rules share is put down to the first that asks.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const built = resolve(import.meta.dirname, '../../dist/library/index.js');
if (!existsSync(built)) throw new Error('build the library first: npm run build:library');
const { analyze, rules } = (await import(pathToFileURL(built).href)) as typeof import('../../src/index.ts');

const { values } = parseArgs({ options: { profile: { type: 'boolean' }, runs: { type: 'string', default: '200' } } });
const runs = Number(values.runs);
const mostRatio = 2;
const headline = ['sep-2207-', 'sep-2350-', 'sep-2702-'];

const shared = join(process.env.MCP_AUTH_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus'), 'real');
const own = resolve(import.meta.dirname, '../recordings');
const say = (text: string): void => void process.stdout.write(`${text}\n`);

function largest(folder: string): string {
  const files = readdirSync(folder).flatMap((file) => (file.endsWith('.har') ? [join(folder, file)] : []));
  const [first] = files.sort((one, other) => statSync(other).size - statSync(one).size);
  if (first === undefined) throw new Error(`no recording in ${folder}`);
  return first;
}

/** Milliseconds by the clock: the threads of the compiler and the collector run beside, and nobody waits for them. */
function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

if (!existsSync(shared)) say('The shared recordings are not beside the project: the largest of its own is taken.');
const file = largest(existsSync(shared) ? shared : own);
const text = readFileSync(file, 'utf8');
const isHeadline = ({ id }: { readonly id: string }): boolean => headline.some((family) => id.startsWith(family));
const others = new Map(rules.filter((rule) => !isHeadline(rule)).map(({ id }) => [id, 'off' as const]));

const cost = { read: [] as number[], all: [] as number[], few: [] as number[] };
for (let run = -800; run < runs; run += 1) {
  let document: unknown;
  const read = timed(() => {
    document = JSON.parse(text);
  });
  const few = timed(() => analyze(document, { name: 'few', ruleLevels: others }));
  const all = timed(() => analyze(document, { name: 'all' }));
  // The first runs compile, and there is much to compile: half of the time of the first two hundred.
  if (run < 0) continue;
  cost.read.push(read);
  cost.few.push(few);
  cost.all.push(all);
}
const [read, few, all] = [median(cost.read), median(cost.few), median(cost.all)];
const ratio = all / few;
const document: unknown = JSON.parse(text);
const size = `${(statSync(file).size / 1024).toFixed(0)} KB, ${analyze(document, { name: file }).exchanges.length} entries`;
say(`${basename(file)}, ${size}, ${runs} runs in turns, medians`);
say(`JSON.parse          ${read.toFixed(2)} ms`);
say(`${rules.length - others.size} headline rules   ${few.toFixed(2)} ms`);
say(`all ${rules.length} rules       ${all.toFixed(2)} ms`);
say(
  `all : headline      ${ratio.toFixed(2)} (must be below ${mostRatio}); with JSON.parse ${((read + all) / (read + few)).toFixed(2)}`,
);

if (values.profile) {
  const off = new Map(rules.map(({ id }) => [id, 'off' as const]));
  const spent = new Map(rules.map(({ id }) => [id, [] as number[]]));
  for (let run = 0; run < runs; run += 1) {
    const { story } = analyze(document, { name: 'none', ruleLevels: off });
    for (const rule of rules) spent.get(rule.id)?.push(timed(() => [...rule.judge(story)]));
  }
  const dearest = [...spent]
    .map(([id, times]) => [id, median(times)] as const)
    .sort(([, one], [, other]) => other - one);
  for (const [id, time] of dearest.slice(0, 15)) say(`  ${time.toFixed(3)} ms  ${id}`);
}
if (ratio >= mostRatio) process.exitCode = 1;
