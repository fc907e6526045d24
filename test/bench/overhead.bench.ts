import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { grantedBuild } from '../extension/granted.ts';
import { launchBrowser } from '../lab/browser.ts';

/**
 * `npm run bench:overhead`: how long 1,000 fetches in a page take with DevTools open and each tier on, against an
 * extension of three lines that only listens to `onRequestFinished`, which any recorder must do. `permission`: one that
 * may use `webRequest` and does not, for Chromium then leads every request through the browser's own process, which
 * is the least that tier 1 can cost; `webRequest`: one that listens to all that is sent and answered, and does nothing.
 * The page fetches from another origin (`-- --same-origin`: from its own). Runs are interleaved;
 * the ratio is the median of each round's own, so that a busy machine is busy for both. Browsers are launched anew in
 * between: one stays a tenth slower or quicker than another as long as it lives. Fails above the bound.
 */
const launches = Number(process.env.LAUNCHES ?? 4);
/** Of each launch. */
const runs = Number(process.env.RUNS ?? 4);
const sameOrigin = process.argv.includes('--same-origin');
const fetches = 1_000;
const abreast = 10;
/** What an extension puts off until a burst is over is done by then, and not in the next one's time, milliseconds. */
const rest = 4_000;

interface Setting {
  readonly name: string;
  /** The built extension, or null for the bare browser. */
  readonly extension: string | null;
  /** What it may cost at most, as a ratio to the three lines; null where nothing is asked. */
  readonly bound: number | null;
  /** Observes this site: tier 2. */
  readonly observed?: boolean;
}

/** The least that a recorder can be. */
async function threeLines(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const manifest = { manifest_version: 3, name: 'three lines', version: '1', devtools_page: 'devtools.html' };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'devtools.html'), '<script src="devtools.js"></script>');
  await writeFile(join(folder, 'devtools.js'), 'chrome.devtools.network.onRequestFinished.addListener(() => {});');
  return folder;
}

/** The same with the permission of tier 1, and a background that does nothing. */
async function onlyPermitted(folder: string): Promise<string> {
  await threeLines(folder);
  const manifest = {
    ...{ manifest_version: 3, name: 'only permitted', version: '1', devtools_page: 'devtools.html' },
    ...{
      permissions: ['webRequest'],
      host_permissions: ['http://*/*'],
      background: { service_worker: 'background.js' },
    },
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'background.js'), '');
  return folder;
}

/** The same, and listeners that do nothing: what the browser itself takes to tell all of every request. */
async function onlyListening(folder: string): Promise<string> {
  await onlyPermitted(folder);
  const events = {
    onBeforeRequest: ['requestBody'],
    onSendHeaders: ['requestHeaders', 'extraHeaders'],
    onHeadersReceived: ['responseHeaders', 'extraHeaders'],
    onCompleted: [],
  };
  const filter = JSON.stringify({ urls: ['http://*/*', 'https://*/*'], types: ['xmlhttprequest', 'main_frame'] });
  const lines = Object.entries(events).map(
    ([event, extra]) => `chrome.webRequest.${event}.addListener(() => {}, ${filter}, ${JSON.stringify(extra)});`,
  );
  await writeFile(join(folder, 'background.js'), lines.join('\n'));
  return folder;
}

async function startSite(): Promise<{ readonly origin: string; close(): void }> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    result: { content: [{ type: 'text', text: 'x'.repeat(300) }] },
  });
  const site = createServer((request, response) => {
    const json = request.url?.startsWith('/data') === true;
    response.writeHead(200, {
      'content-type': json ? 'application/json' : 'text/html',
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
    });
    response.end(json ? body : '<p>');
  });
  site.keepAliveTimeout = 600_000;
  await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready));
  const { port } = site.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      site.closeAllConnections();
      site.close();
    },
  };
}

/** Milliseconds that the fetches take, as the page sees it. */
const time = async (page: Page): Promise<number> =>
  (await page.evaluate(`(async () => {
    // Another origin, as an MCP server is: then there is something to tell of each answer.
    const api = ${sameOrigin ? 'location.origin' : "location.origin.replace('127.0.0.1', 'localhost')"};
    const began = performance.now();
    let next = 0;
    await Promise.all(Array.from({ length: ${abreast} }, async () => {
      while (next < ${fetches}) {
        next += 1;
        await (await fetch(api + '/data?' + next)).text();
      }
    }));
    return performance.now() - began;
  })()`)) as number;

async function openPage(setting: Setting, origin: string): Promise<{ readonly browser: Browser; readonly page: Page }> {
  const { extension } = setting;
  const browser = await launchBrowser({ headless: true, ...(extension === null ? {} : { extension }) });
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  if (extension !== null) {
    await browser.waitForTarget((target) => target.url().startsWith('devtools://'), { timeout: 30_000 });
    await new Promise((later) => setTimeout(later, 2_000));
  }
  if (setting.observed) {
    const worker = await browser.waitForTarget((target) => target.type() === 'service_worker', { timeout: 30_000 });
    await (await worker.worker())?.evaluate(async (site) => {
      const { storage } = (
        globalThis as unknown as { chrome: { storage: { local: { set(items: object): Promise<void> } } } }
      ).chrome;
      await storage.local.set({ settings: { observedSites: [site] } });
    }, origin);
    await new Promise((later) => setTimeout(later, 1_000));
  }
  await page.goto(origin);
  const wrapped = await page.evaluate(() => !fetch.toString().includes('fetch'));
  if (wrapped !== (setting.observed === true)) throw new Error(`${setting.name}: the observer is not as it should be`);
  return { browser, page };
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

/** Launches a browser for each setting, and times each in every round, milliseconds. */
async function timeEach(settings: readonly Setting[], origin: string, launch: number): Promise<number[][]> {
  const opened: { readonly browser: Browser; readonly page: Page }[] = [];
  const times: number[][] = settings.map(() => []);
  try {
    for (const setting of settings) opened.push(await openPage(setting, origin));
    for (let run = -1; run < runs; run += 1) {
      for (const at of settings.keys()) {
        // Each begins a round in turn, so that none always follows the same one.
        const turn = (at + launch * runs + Math.max(run, 0)) % settings.length;
        const page = opened[turn]?.page;
        if (page === undefined) continue;
        const took = await time(page);
        await new Promise((later) => setTimeout(later, rest));
        if (run >= 0) times[turn]?.push(took);
      }
    }
    return times;
  } finally {
    for (const { browser } of opened) await browser.close();
  }
}

async function main(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'overhead-'));
  const granted = await grantedBuild('dist/chrome');
  const site = await startSite();
  const settings: readonly Setting[] = [
    { name: 'no extension', extension: null, bound: null },
    { name: 'three lines', extension: await threeLines(join(folder, 'three')), bound: null },
    { name: 'permission', extension: await onlyPermitted(join(folder, 'permitted')), bound: null },
    { name: 'webRequest', extension: await onlyListening(join(folder, 'listening')), bound: null },
    { name: 'tier 0', extension: 'dist/chrome', bound: 1.1 },
    { name: 'tier 1', extension: granted, bound: 1.1 },
    { name: 'tier 2', extension: granted, bound: 1.15, observed: true },
  ];
  const times: number[][] = settings.map(() => []);
  try {
    for (let launch = 0; launch < launches; launch += 1) {
      const taken = await timeEach(settings, site.origin, launch);
      for (const [at, own] of taken.entries()) times[at]?.push(...own);
    }
    const yardstick = times[1] ?? [];
    let good = true;
    process.stdout.write(`${fetches} fetches, median of ${launches * runs} interleaved runs, ${runs} of each launch\n`);
    for (const [at, { name, bound }] of settings.entries()) {
      const own = times[at] ?? [];
      const ratio = median(own.map((took, round) => took / (yardstick[round] ?? took)));
      const within = bound === null || ratio <= bound;
      good &&= within;
      const limit = bound === null ? '' : `  at most ${bound.toFixed(2)}${within ? '' : '  TOO SLOW'}`;
      process.stdout.write(
        `${name.padEnd(14)} ${median(own).toFixed(0).padStart(6)} ms  ${ratio.toFixed(3)}${limit}\n`,
      );
    }
    return good;
  } finally {
    site.close();
    await rm(folder, { recursive: true, force: true });
    await rm(granted, { recursive: true, force: true });
  }
}

process.exit((await main()) ? 0 : 1);
