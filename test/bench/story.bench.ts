/**
 * What the story costs: `npx tsx test/bench/story.bench.ts`. One more exchange shall cost its own share,
 * and the story of few sign-ins the same however many ordinary calls lie between them.
 */
import type { Exchange } from '../../src/exchange/exchange.ts';
import { readEntry, readHar } from '../../src/exchange/read-har.ts';
import { StoryBuilder } from '../../src/story/builder.ts';
import { longSession } from './session.ts';

const CALLS = 100_000;
const FEW = 1000;

/** Milliseconds that an action takes. */
function timed(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function addAll(builder: StoryBuilder, exchanges: readonly Exchange[]): void {
  for (const exchange of exchanges) builder.add(exchange);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

/** Median time of a story after each of the last exchanges of a session, milliseconds. */
function lastStories(calls: number): number {
  const { exchanges } = readHar({ log: { entries: longSession(calls) } });
  const builder = new StoryBuilder();
  for (const exchange of exchanges.slice(0, -60)) builder.add(exchange);
  const times = exchanges.slice(-60).map((exchange) => {
    builder.add(exchange);
    return timed(() => builder.story());
  });
  return median(times.slice(20));
}

lastStories(FEW);
const entries = longSession(CALLS);
const text = JSON.stringify({ log: { version: '1.2', creator: { name: 'bench', version: '1' }, entries } });
const rows: Record<string, string> = {};

const { exchanges } = readHar(JSON.parse(text));
const builder = new StoryBuilder();
const tenth = Math.floor(exchanges.length / 10);
const tenths: number[] = [];
for (let from = 0; from < exchanges.length; from += tenth) {
  const part = exchanges.slice(from, from + tenth);
  if (part.length === tenth) tenths.push(timed(() => addAll(builder, part)) / tenth);
}
rows['add(), first tenth'] = `${((tenths[0] ?? 0) * 1000).toFixed(1)} us`;
rows['add(), last tenth'] = `${((tenths.at(-1) ?? 0) * 1000).toFixed(1)} us`;
rows['last tenth : first tenth'] = ((tenths.at(-1) ?? 0) / (tenths[0] ?? 1)).toFixed(2);

const few = lastStories(FEW);
const many = lastStories(CALLS);
rows[`story() at ${FEW} calls`] = `${few.toFixed(2)} ms`;
rows[`story() at ${CALLS} calls`] = `${many.toFixed(2)} ms`;
rows['many : few'] = (many / few).toFixed(2);

let document: unknown;
const parse = Math.min(...[1, 2, 3].map(() => timed(() => (document = JSON.parse(text)))));
const read = timed(() => {
  let before = 0;
  for (const [index, entry] of (document as { log: { entries: unknown[] } }).log.entries.entries())
    before = readEntry(entry, index, [], before).sent;
});
const bind = timed(() => {
  const whole = new StoryBuilder();
  for (const exchange of exchanges) whole.add(exchange);
  whole.story();
});
rows['JSON.parse of the HAR'] = `${parse.toFixed(0)} ms, ${(text.length / 1e6).toFixed(0)} MB`;
rows['reading entries'] = `${read.toFixed(0)} ms`;
rows['building the story'] = `${bind.toFixed(0)} ms`;
rows['both : JSON.parse'] = ((read + bind) / parse).toFixed(2);
process.stdout.write(
  `${Object.entries(rows)
    .map(([what, value]) => `${what.padEnd(28)}${value}`)
    .join('\n')}\n`,
);
