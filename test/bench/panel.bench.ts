/**
 * What the panel costs in a real browser: `npm run bench:panel`. Two sessions of 100,000 exchanges, one
 * of calls to an MCP server alone, one of ordinary browsing with some calls in it, arrive as the recorder sends
 * them; then the flow is scrolled from end to end, and 50 exchanges a second come in late in the session.
 * `--exchanges <n>`: 100,000 by default. Fails where a bound of the panel is broken.
 */
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'puppeteer-core';
import { build } from 'vite';
import { servePage } from '../extension/page-server.ts';
import { launchBrowser } from '../lab/browser.ts';
import { browsingEntries } from './browsing.ts';
import type { Bench } from './panel/main.ts';
import { longSession } from './session.ts';
import { longestTasks, type Tasks } from './trace.ts';

const { values } = parseArgs({ options: { exchanges: { type: 'string', default: '100000' } } });
const EXCHANGES = Number(values.exchanges);
const PER_SECOND = 50;
const SECONDS = 20;

/** The bounds: milliseconds, bytes. */
const LONGEST_TASK = 50;
const SLOWEST = 200;
const PER_ORDINARY_EXCHANGE = 1500;

declare global {
  interface Window {
    readonly bench: Bench;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'mcp-auth-inspector-bench-'));
let broken = false;

/** Prints a measure as soon as it is taken; `within` its bound, where it has one. */
function tell(what: string, result: string, within: boolean | null): void {
  const verdict = within === null ? '' : within ? '  ok' : '  TOO MUCH';
  process.stdout.write(`${what.padEnd(96)}  ${result}${verdict}\n`);
  if (within === false) broken = true;
}

async function write(name: string, entries: Iterable<object>): Promise<number> {
  const file = createWriteStream(join(folder, name));
  let count = 0;
  for (const entry of entries) {
    count += 1;
    if (!file.write(`${JSON.stringify(entry)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  return count;
}

async function traced<T>(page: Page, action: () => Promise<T>): Promise<readonly [T, Tasks]> {
  const path = join(folder, 'trace.json');
  await page.tracing.start({ path, categories: ['toplevel', 'devtools.timeline', 'v8', 'disabled-by-default-v8.gc'] });
  const result = await action();
  await page.tracing.stop();
  return [result, longestTasks(readFileSync(path, 'utf8'))];
}

/** Bytes that the page holds, after a collection: objects, those of the document, and what arrays of bytes hold. */
async function memory(page: Page): Promise<number> {
  const client = await page.createCDPSession();
  for (let time = 0; time < 3; time += 1) await client.send('HeapProfiler.collectGarbage');
  const usage = await client.send('Runtime.getHeapUsage');
  await client.detach();
  return usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
}

const ms = (time: number): string => `${time.toFixed(0)} ms`;

function tasks(what: string, { longest, withoutGc, gc }: Tasks): void {
  const within = withoutGc <= LONGEST_TASK;
  tell(`${what}: longest task`, `${ms(withoutGc)} of the processor, ${ms(longest)} in all`, within);
  tell(`${what}: longest major garbage collection`, ms(gc), null);
}

async function measure(browser: Browser, url: string, what: string, ordinary: boolean): Promise<void> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1400, height: 350 });
  await page.goto(url);
  await page.waitForFunction(() => window.bench !== undefined);
  const before = ordinary ? await withCalls(page) : 0;
  const file = ordinary ? 'ordinary.ndjson' : 'calls.ndjson';
  const [time, loading] = await traced(page, () => page.evaluate((name) => window.bench.load(name), file));
  tell(`${what}: loaded`, ms(time), null);
  tell(
    `${what}, loading: longest task`,
    `${ms(loading.withoutGc)} of the processor, ${ms(loading.longest)} in all`,
    null,
  );
  if (ordinary) {
    const each = ((await memory(page)) - before) / ordinaryCount;
    tell('memory of an exchange outside the story', `${each.toFixed(0)} bytes`, each < PER_ORDINARY_EXCHANGE);
    await page.$eval('.check input', (box) => (box as HTMLInputElement).click());
  }
  const [frames, scrolling] = await traced(page, () => page.evaluate(() => window.bench.scroll()));
  tasks(`${what}, scrolled through in ${frames} frames`, scrolling);
  const late = await page.evaluate((each) => window.bench.trickle('late.ndjson', each), PER_SECOND);
  const sorted = late.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  const spread = `median ${ms(at(0.5))}, 95 of 100 ${ms(at(0.95))}, slowest ${ms(at(1))}`;
  tell(`${what}: from response to verdict at ${PER_SECOND}/s`, spread, at(0.95) < SLOWEST);
  await page.close();
}

/** The session's own calls come first, so that what is measured then is the ordinary traffic. */
async function withCalls(page: Page): Promise<number> {
  await page.evaluate(() => window.bench.load('few.ndjson'));
  return memory(page);
}

let ordinaryCount = 0;
const page = join(folder, 'page');
await build({
  root: resolve(import.meta.dirname, 'panel'),
  configFile: false,
  base: './',
  logLevel: 'error',
  define: { __VERSION__: JSON.stringify('bench') },
  build: { outDir: page, emptyOutDir: true, target: 'es2023', modulePreload: false },
});
const calls = longSession(EXCHANGES + PER_SECOND * SECONDS);
await write('page/calls.ndjson', calls.slice(0, EXCHANGES));
await write('page/late.ndjson', calls.slice(EXCHANGES, EXCHANGES + PER_SECOND * SECONDS));
const few = Math.ceil(EXCHANGES / 50);
await write('page/few.ndjson', calls.slice(0, few));
ordinaryCount = await write(
  'page/ordinary.ndjson',
  browsingEntries(EXCHANGES - few, Date.parse(String(calls[0]?.startedDateTime))),
);
const server = await servePage(page);
const browser = await launchBrowser({ headless: true });
try {
  await measure(browser, server.url, `${EXCHANGES} calls`, false);
  await measure(browser, server.url, `${EXCHANGES} exchanges, ${few} of them calls`, true);
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
if (broken) process.exitCode = 1;
