/**
 * `npm run conformance`: plays the auth client scenarios of the official conformance suite with clients on SDK v1 and
 * v2, sound and faulty, lets the engine judge what went over the wire, and compares verdict by verdict. Exits with 1
 * when a verdict of the suite is contradicted or missed without an explanation in `disagreements.ts`, when an
 * explanation there explains nothing, or when less than nine tenths of the faults on the wire are found.
 * Words after the command name runs to play (`scope-step-up`, `v1`, `no-pkce`); all of them by default.
 */
import { type Comparison, compared } from './agreement.ts';
import { aboutFault } from './client/faults.ts';
import { disagreements, explanationOf } from './disagreements.ts';
import { nameOf, plan, type Run } from './plan.ts';
import { authScenarios, ensureSuite, play } from './suite.ts';

const leastFound = 0.9;
const atOnce = 2;

interface Judged {
  readonly run: Run;
  readonly comparisons: readonly Comparison[];
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function judge(run: Run): Promise<Judged> {
  const { checks, har } = await play(run);
  if (har === null) throw new Error(`${nameOf(run)}: the client wrote no recording`);
  return { run, comparisons: compared(checks, har) };
}

/** Plays runs a few at a time; results come in the order of the runs. */
async function judgeAll(runs: readonly Run[]): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  const waiting = [...runs.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, run] = next;
      judged[index] = await judge(run);
      tellRun(judged[index]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return judged;
}

function tellRun({ run, comparisons }: Judged): void {
  const count = (stand: Comparison['stand']) => comparisons.filter((comparison) => comparison.stand === stand).length;
  const parts = (['agreed', 'silent', 'contradicted', 'missed', 'unknown'] as const)
    .map((stand) => [stand, count(stand)] as const)
    .filter(([, times]) => times > 0)
    .map(([stand, times]) => `${times} ${stand}`);
  say(`${nameOf(run).padEnd(64)} ${parts.join(', ') || 'no check'}`);
  for (const comparison of comparisons) {
    if (comparison.stand === 'agreed' || comparison.stand === 'silent') continue;
    const { check, status, stand, engine } = comparison;
    const reason = explanationOf(run, comparison)?.reason;
    say(
      `    ${reason ? 'explained' : 'UNEXPLAINED'}: ${check}: suite ${status}, engine ${stand}: ${engine}${reason ? ` (${reason})` : ''}`,
    );
  }
}

function tellTable(all: readonly Judged[]): void {
  const rows = new Map<string, Record<string, number>>();
  for (const { comparisons } of all) {
    for (const { check, status, stand } of comparisons) {
      const row = rows.get(check) ?? {};
      const column = `${status === 'SUCCESS' ? 'passed' : 'faulted'} ${stand}`;
      row[column] = (row[column] ?? 0) + 1;
      rows.set(check, row);
    }
  }
  const columns = ['passed agreed', 'passed silent', 'passed contradicted', 'faulted agreed', 'faulted missed'];
  say(`\n${'check of the suite'.padEnd(44)}${columns.map((column) => column.padStart(21)).join('')}`);
  for (const [check, row] of [...rows].sort())
    say(`${check.padEnd(44)}${columns.map((column) => String(row[column] ?? '').padStart(21)).join('')}`);
}

async function main(words: readonly string[]): Promise<number> {
  ensureSuite(say);
  const all = plan(authScenarios());
  const runs = all.filter((run) => words.every((word) => nameOf(run).split(' ').includes(word)));
  if (runs.length === 0) throw new Error(`no run is called ${words.join(' ')}`);
  const judged = await judgeAll(runs);
  tellTable(judged);

  const flat = judged.flatMap(({ run, comparisons }) => comparisons.map((comparison) => ({ run, comparison })));
  const apart = flat.filter(({ comparison }) => ['contradicted', 'missed', 'unknown'].includes(comparison.stand));
  const unexplained = apart.filter(({ run, comparison }) => explanationOf(run, comparison) === undefined);
  const used = new Set(apart.map(({ run, comparison }) => explanationOf(run, comparison)));
  const stale = words.length === 0 ? disagreements.filter((known) => !used.has(known)) : [];
  const faults = flat.filter(({ comparison }) => comparison.status !== 'SUCCESS');
  const onWire = faults.filter(({ run, comparison }) => explanationOf(run, comparison) === undefined);
  const found = onWire.filter(({ comparison }) => comparison.stand === 'agreed').length;
  const passed = flat.filter(({ comparison }) => comparison.status === 'SUCCESS');
  const contradicted = passed.filter(({ comparison }) => comparison.stand === 'contradicted').length;

  say(
    `\n${runs.length} runs, ${flat.length} verdicts: ${passed.length} passes (${contradicted} contradicted), ${faults.length} faults.`,
  );
  say(
    `On the wire ${onWire.length} faults, found ${found}. Explained disagreements: ${apart.length - unexplained.length}.`,
  );
  for (const { run, comparison } of unexplained)
    say(
      `UNEXPLAINED ${nameOf(run)} (${aboutFault(run.fault)}): ${comparison.check}: suite ${comparison.status}, engine ${comparison.stand}: ${comparison.engine}`,
    );
  for (const { check, scenario, fault } of stale)
    say(`OUT OF DATE: ${check} in ${scenario}${fault ? ` with ${fault}` : ''} no longer disagrees`);
  const enough = onWire.length === 0 || found / onWire.length >= leastFound;
  if (!enough) say(`Fewer than ${leastFound * 100} % found.`);
  return unexplained.length === 0 && stale.length === 0 && enough ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
